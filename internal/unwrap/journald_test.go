package unwrap

import (
	"fmt"
	"testing"

	"github.com/tracetail/tracetail/internal/source"
)

// TestStreamsOfOneProcessAreKeptApart: journald gives each connection an id of its
// own; stdout and stderr of one process have the same name and number.
func TestStreamsOfOneProcessAreKeptApart(t *testing.T) {
	u := New(DefaultConfig())
	writers := map[string]bool{}
	for i, id := range []string{`,"_STREAM_ID":"a1"`, `,"_STREAM_ID":"b2"`, ``} {
		line := fmt.Sprintf(`{"__CURSOR":"s=%d","_PID":"77","SYSLOG_IDENTIFIER":"pay","MESSAGE":"hello"%s}`, i, id)
		r := u.Push(noon, &source.Line{Text: []byte(line), Start: 1, End: 2})
		if r == nil || string(r.Text) != "hello" {
			t.Fatalf("%s gives %+v", line, r)
		}
		writers[string(r.Writer)] = true
	}
	if len(writers) != 3 {
		t.Errorf("the writers are %v, want three", writers)
	}
}
