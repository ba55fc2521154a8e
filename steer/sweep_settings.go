package steer
