// Package demo holds the bundled story that `tracetail demo` plays: the logs of
// a small payment company on a bad night, written live into a folder as its
// services would write them. It knows nothing of tailing; what makes events of
// the story is the real pipeline.
package demo
