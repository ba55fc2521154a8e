//go:build !js

package local

import _ "github.com/neuronsteer/neuronsteer/internal/parquet" // steer.Examples and steer.Save know .parquet
