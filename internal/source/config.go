package source

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
)

// Engine chooses how regular files are read.
type Engine string

// The engines.
const (
	// Auto reads files with the package's own chunk reader and learns of changes
	// from inotify, or by polling where inotify cannot help.
	Auto Engine = "auto"
	// Poll is Auto without inotify.
	Poll Engine = "poll"
	// NXAdm reads files with nxadm/tail, pinned to the open file. It is slower,
	// and a line without end costs memory.
	NXAdm Engine = "nxadm"
)

// StartAt says where a file begins that was there before its configuration
// entry was first followed. Files that appear later are read from their beginning.
type StartAt string

// The places to start.
const (
	AtEnd       StartAt = "end"
	AtBeginning StartAt = "beginning"
)

// Config is one entry of the list of sources: some files and how to read them.
type Config struct {
	// Name is the source's name in events, logs and metrics; the first path if empty.
	Name string `yaml:"name"`
	// Paths are file names or globs ("*", "?", "[a-z]", "{a,b}", "**" for any
	// number of directories); "-" is standard input. A named pipe is read as a stream.
	Paths []string `yaml:"paths"`
	// Exclude are globs of files to leave alone; one without a slash is compared
	// with the last part of the name. Compressed files are left alone in any case.
	Exclude []string `yaml:"exclude"`
	StartAt StartAt  `yaml:"start_at"`
	// MaxLineBytes is the longest line, 64..64 MiB; of a longer one only the head is kept.
	MaxLineBytes int `yaml:"max_line_bytes"`
	// IgnoreOlder leaves alone files without a known position that were last
	// written longer ago; 0 means none.
	IgnoreOlder time.Duration `yaml:"ignore_older"`
	// RotateWait is how long a rotated file must have been silent at its end
	// before it is closed. Loggers go on writing to the old file for a while.
	RotateWait time.Duration `yaml:"rotate_wait"`
	// PartialFlush is how long a last line without line break is held back.
	PartialFlush time.Duration `yaml:"partial_flush"`
	// CloseInactive is how long a file may be silent before its descriptor is closed.
	CloseInactive time.Duration `yaml:"close_inactive"`
	// MaxOpenFiles bounds the descriptors held; files beyond it take turns.
	MaxOpenFiles int    `yaml:"max_open_files"`
	Engine       Engine `yaml:"engine"`
	// Rescan is how often the globs are looked at again while inotify works,
	// PollInterval how often while it does not.
	Rescan       time.Duration `yaml:"rescan"`
	PollInterval time.Duration `yaml:"poll_interval"`
	// Syslog are addresses to listen on, instead of Paths: udp://HOST:PORT,
	// tcp://HOST:PORT, unix:///PATH (a stream), unixgram:///PATH (datagrams). Without a
	// host only programs of this machine are heard.
	Syslog []string `yaml:"syslog"`
	// Journal makes this the systemd journal, instead of Paths.
	Journal *Journal `yaml:"journal"`
	// Encoding is that of the files: utf-8, utf-16, utf-16le, utf-16be, latin1,
	// windows-1252 and other single-byte code pages. A byte order mark at the start
	// of a file needs no setting.
	Encoding string `yaml:"encoding"`
	// Compressed makes .gz generations be read that were rotated and compressed
	// while nobody looked; without it they are left alone.
	Compressed bool `yaml:"compressed"`
	// AllowedRoots are directories, besides those before the first wildcard of each
	// path, that links may lead into. "/" allows all: whoever may write into a
	// directory of logs can then make any file of the machine an event.
	AllowedRoots []string `yaml:"allowed_roots"`
}

// DefaultConfig gives the values that serve without any configuration.
func DefaultConfig() Config {
	return Config{
		StartAt:       AtEnd,
		MaxLineBytes:  1 << 20,
		RotateWait:    5 * time.Second,
		PartialFlush:  5 * time.Second,
		CloseInactive: 5 * time.Minute,
		MaxOpenFiles:  1024,
		Engine:        Auto,
		Rescan:        10 * time.Second,
		PollInterval:  500 * time.Millisecond,
		AllowedRoots:  allowedRoots(),
	}
}

// Validate tells everything that is wrong with the entry, in words that name
// the key, what was found and what is allowed.
func (c Config) Validate() error {
	var errs []error
	bad := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", key, fmt.Sprintf(format, args...)))
	}
	switch {
	case c.Journal != nil && len(c.Paths)+len(c.Syslog) > 0:
		bad("journal", "stands beside paths or syslog; make two sources of them")
	case c.Journal != nil:
		if err := c.Journal.Validate(); err != nil {
			errs = append(errs, err)
		}
	case len(c.Syslog) > 0 && len(c.Paths) > 0:
		bad("syslog", "stands beside paths; make two sources of them")
	case len(c.Syslog) > 0:
		c.checkSyslog(bad)
	case len(c.Paths) == 0:
		bad("paths", "is empty; name at least one file or glob, such as /var/log/app/*.log")
	}
	c.checkPatterns(bad)
	c.checkContent(bad)
	if c.StartAt != AtEnd && c.StartAt != AtBeginning {
		bad("start_at", "%q; allowed are end and beginning", c.StartAt)
	}
	if c.Engine != Auto && c.Engine != Poll && c.Engine != NXAdm {
		bad("engine", "%q; allowed are auto, poll and nxadm", c.Engine)
	}
	if c.MaxLineBytes < 64 || c.MaxLineBytes > 64<<20 {
		bad("max_line_bytes", "%d; allowed are 64 to %d", c.MaxLineBytes, 64<<20)
	}
	if c.MaxOpenFiles < 1 {
		bad("max_open_files", "%d; at least 1 is needed", c.MaxOpenFiles)
	}
	for _, d := range []struct {
		key  string
		v    time.Duration
		zero bool
	}{
		{"ignore_older", c.IgnoreOlder, true}, {"rotate_wait", c.RotateWait, true},
		{"partial_flush", c.PartialFlush, false}, {"close_inactive", c.CloseInactive, false},
		{"rescan", c.Rescan, false}, {"poll_interval", c.PollInterval, false},
	} {
		if d.v < 0 || d.v == 0 && !d.zero {
			bad(d.key, "%v; a duration above 0 is needed, such as 5s", d.v)
		}
	}
	return errors.Join(errs...)
}

func (c Config) checkPatterns(bad func(key, format string, args ...any)) {
	for i, p := range c.Paths {
		key := fmt.Sprintf("paths[%d]", i)
		switch {
		case p == "":
			bad(key, "is empty")
		case strings.IndexByte(p, 0) >= 0:
			bad(key, "%q holds a NUL byte", p)
		case p != "-" && !doublestar.ValidatePattern(filepath.ToSlash(p)):
			bad(key, "%q is not a glob: a bracket or brace is not closed; a literal one is written \\[ or \\{", p)
		}
	}
	for i, p := range c.Exclude {
		if p == "" || !doublestar.ValidatePattern(filepath.ToSlash(p)) {
			bad(fmt.Sprintf("exclude[%d]", i), "%q is not a glob", p)
		}
	}
}

// checkContent checks how files are read, and where they may lie.
func (c Config) checkContent(bad func(key, format string, args ...any)) {
	enc, err := encodingNamed(c.Encoding)
	switch {
	case err != nil:
		bad("encoding", "%v", err)
	case len(c.Syslog) > 0 && !enc.isPlain():
		bad("encoding", "%s; syslog is UTF-8", c.Encoding)
	case enc.order != nil && (c.Engine == NXAdm || slices.Contains(c.Paths, stdinPath)):
		bad("encoding", "%s; UTF-16 is read from files by the engines auto and poll only; elsewhere convert it first, as with iconv -f utf-16 -t utf-8", c.Encoding)
	}
	for i, r := range c.AllowedRoots {
		if !filepath.IsAbs(r) {
			bad(fmt.Sprintf("allowed_roots[%d]", i), "%q; an absolute directory is needed, such as /data/logs", r)
		}
	}
}
