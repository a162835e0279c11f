// Package compose pins docker compose, which `go install` refuses for its exclude directives: CI builds it to check
// local/compose.yaml where no docker is installed (go build github.com/docker/compose/v2/cmd).
package compose

import _ "github.com/docker/compose/v2/cmd/compose"
