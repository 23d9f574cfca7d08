package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/tracetail/tracetail/shipper"
)

// watching tells whether files can be watched, or will be looked at again and again instead.
func watching() []shipper.Finding {
	limits := fmt.Sprintf("max_user_instances %s, max_user_watches %s, max_queued_events %s", inotifyLimit("max_user_instances"), inotifyLimit("max_user_watches"), inotifyLimit("max_queued_events"))
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC)
	switch {
	case err == nil:
		_ = unix.Close(fd)
		return append([]shipper.Finding{{Check: "inotify", Grade: shipper.GradeOK, Found: limits}}, descriptors()...)
	case errors.Is(err, unix.EMFILE):
		return []shipper.Finding{{Check: "inotify", Grade: shipper.GradeWarn, Found: "no instance is left (" + limits + "): files are polled instead", Cure: "sysctl -w fs.inotify.max_user_instances=1024"}}
	}
	return []shipper.Finding{{Check: "inotify", Grade: shipper.GradeWarn, Found: fmt.Sprintf("not to be had (%v): files are polled instead", err), Cure: "nothing, if the kernel or the sandbox forbids it"}}
}

func inotifyLimit(name string) string {
	b, err := os.ReadFile("/proc/sys/fs/inotify/" + name)
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(b))
}

// fewDescriptors is less than the default of max_open_files with some room.
const fewDescriptors = 1100

func descriptors() []shipper.Finding {
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
		return nil
	}
	found := fmt.Sprintf("%d files may be open at a time", l.Max)
	if l.Max < fewDescriptors {
		return []shipper.Finding{{Check: "files", Grade: shipper.GradeWarn, Found: found, Cure: "raise it with ulimit -n or LimitNOFILE=, or lower max_open_files of the sources"}}
	}
	return []shipper.Finding{{Check: "files", Grade: shipper.GradeOK, Found: found}}
}
