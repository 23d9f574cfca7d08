package scrub

import (
	"fmt"
	"os"
	"testing"
)

func TestOne(t *testing.T) {
	s := mustNew(t)
	in := os.Getenv("IN")
	if in == "" {
		t.Skip()
	}
	fmt.Println(s.String(in), s.Marks(nil, []byte(in)))
}
