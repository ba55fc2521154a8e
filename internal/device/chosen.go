package device

import "os"

// Env is the environment variable that chooses a backend.
const Env = "NEURONSTEER_BACKEND"

// Chosen returns the name of the backend that the user chose, "" where that is left to the program.
func Chosen() string {
	if name := os.Getenv(Env); name != "auto" {
		return name
	}
	return ""
}
