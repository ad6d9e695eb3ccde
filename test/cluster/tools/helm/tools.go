//go:build tools

// Package tools names the programs that this module file pins and builds.
package tools

import (
	_ "helm.sh/helm/v3/cmd/helm"
)
