//go:build tools

// Package tools names the programs that this module file pins and builds.
package tools

import (
	_ "github.com/prometheus/prometheus/cmd/promtool"
)
