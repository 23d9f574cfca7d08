package agent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const pieces = 60 // bytes at which a carrier with partial lines cuts

// carriers wrap the lines of a program as transports do.
var carriers = map[string]func(lines [][]byte) []byte{
	"cri": func(lines [][]byte) []byte {
		return each(lines, func(i int, l []byte) string { return fmt.Sprintf("%s stderr F %s\n", rfc3339(i), l) })
	},
	"cri in pieces": func(lines [][]byte) []byte {
		return each(lines, func(i int, l []byte) (out string) {
			for len(l) > pieces {
				out += fmt.Sprintf("%s stderr P %s\n", rfc3339(i), l[:pieces])
				l = l[pieces:]
			}
			return out + fmt.Sprintf("%s stderr F %s\n", rfc3339(i), l)
		})
	},
	"docker": func(lines [][]byte) []byte {
		return each(lines, func(i int, l []byte) string { return dockerLine(i, string(l)+"\n") })
	},
	"docker in pieces": func(lines [][]byte) []byte {
		return each(lines, func(i int, l []byte) (out string) {
			s := []rune(string(l))
			for len(s) > pieces {
				out += dockerLine(i, string(s[:pieces]))
				s = s[pieces:]
			}
			return out + dockerLine(i, string(s)+"\n")
		})
	},
	"journald": func(lines [][]byte) []byte {
		return each(lines, func(i int, l []byte) string {
			return fmt.Sprintf(`{"__CURSOR":"s=%d","__REALTIME_TIMESTAMP":"%d","_PID":"77","SYSLOG_IDENTIFIER":"pay","_HOSTNAME":"web-1","_STREAM_ID":"ab12","PRIORITY":"6","MESSAGE":%s}`+"\n", i, 1795332491000000+i, quoted(string(l)))
		})
	},
	"compose": func(lines [][]byte) []byte {
		return each(lines, func(_ int, l []byte) string { return fmt.Sprintf("web-1  | %s\n", l) })
	},
	"syslog": func(lines [][]byte) []byte {
		return each(lines, func(_ int, l []byte) string {
			return fmt.Sprintf("Nov 22 05:28:11 web-1 pay[77]: %s\n", strings.NewReplacer("\t", "#011", "\x1b", "#033").Replace(string(l)))
		})
	},
	"pm2": func(lines [][]byte) []byte {
		return each(after(lines), func(_ int, l []byte) string { return fmt.Sprintf("0|api-worker | %s\n", l) })
	},
	"buildkit": func(lines [][]byte) []byte {
		return each(after(lines), func(i int, l []byte) string { return fmt.Sprintf("#12 3.%03d %s\n", i%1000, l) })
	},
	"CRLF": func(lines [][]byte) []byte {
		return each(lines, func(_ int, l []byte) string { return string(l) + "\r\n" })
	},
}

// after puts lines in front by whose repetition a tag is known: a program says something before it crashes.
func after(lines [][]byte) [][]byte {
	return append([][]byte{[]byte("listening on :8080"), {}}, lines...)
}

func each(lines [][]byte, wrap func(i int, line []byte) string) []byte {
	var buf bytes.Buffer
	for i, l := range lines {
		buf.WriteString(wrap(i, l))
	}
	return buf.Bytes()
}

func rfc3339(i int) string { return fmt.Sprintf("2026-11-22T05:28:11.%09dZ", i) }

func dockerLine(i int, log string) string {
	return fmt.Sprintf(`{"log":%s,"stream":"stderr","time":%s}`+"\n", quoted(log), strconv.Quote(rfc3339(i)))
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// told is what an event says, whatever brought it: all but its times and places.
type told struct {
	Level, Platform, Logger, Message string
	Exceptions                       []string
}

func telling(log []byte) []told {

	out := &collected{}
	s := routeOf(out)
	pushed(s, time.Time{}, string(log))
	s.End(time.Time{})
	events := []told{}
	for _, e := range out.events {
		w := told{Level: string(e.Level), Platform: e.Platform, Logger: e.Logger}
		if e.LogEntry != nil {
			w.Message = e.LogEntry.Formatted
		}
		if e.Exception != nil {
			for _, x := range e.Exception.Values {
				s := x.Type + ": " + x.Value
				if x.Stacktrace != nil {
					for _, f := range x.Stacktrace.Frames {
						s += fmt.Sprintf("\n  %s %s %s:%d", f.Module, f.Function, f.Filename, f.Lineno)
					}
				}
				w.Exceptions = append(w.Exceptions, s)
			}
		}
		events = append(events, w)
	}
	return events
}

// carried are specimens that a transport has written: a tag in front of it hides the transport.
var carried = map[string]bool{"python/openstack_journal": true}

// TestEveryCarrierTellsTheSame sends every specimen of every language through
// every carrier: the events are those of the bare log. A specimen that is
// wrapped already, or is no text a carrier can hold, is left to the tests of its own.
func TestEveryCarrierTellsTheSame(t *testing.T) {
	paths, err := filepath.Glob("../../parsers/trace/testdata/*/*.log")
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no specimens: %v", err)
	}
	for _, path := range paths {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		log = bytes.ToValidUTF8(bytes.ReplaceAll(log, []byte("\r\n"), []byte("\n")), []byte("?"))
		lines := bytes.Split(bytes.TrimSuffix(log, []byte("\n")), []byte("\n"))
		name := strings.TrimSuffix(strings.TrimPrefix(path, "../../parsers/trace/testdata/"), ".log")
		want := telling(log)
		for carrier, wrap := range carriers {
			if carried[name] && (carrier == "pm2" || carrier == "buildkit") {
				continue
			}
			if d := cmp.Diff(want, telling(wrap(lines))); d != "" {
				t.Errorf("%s through %s (-bare +carried):\n%s", name, carrier, d)
			}
		}
	}
}
