// Package e2e holds the tests that need real programs. They are built with
// the tag e2e and started by ./run, which installs what they need.
package e2e
