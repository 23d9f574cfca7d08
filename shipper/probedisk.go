package shipper

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

// slowSync is the median of a synced write above which a disk is worth a word: in
// a flood of events commits share one, but each alone waits for it.
const slowSync = 50 * time.Millisecond

// ProbeDisk tries what Config.Dir can do for the spool: may it be written, how fast,
// and is there room. It leaves nothing behind, and an agent may have the spool open.
func ProbeDisk(cfg Config) []Finding {
	p := &prober{cfg: cfg, now: cfg.clock()}
	p.holder()
	dir, made := existing(cfg.Dir)
	e, err := spool.Examine(dir, p.now)
	if err != nil {
		cure := "name another directory with --state-dir or state_dir"
		if errors.Is(err, fs.ErrPermission) {
			cure = fmt.Sprintf("run as the user who owns it, or chown it to uid %d, or %s", os.Getuid(), cure)
		}
		p.add("state", GradeFail, err.Error(), cure)
		return p.findings
	}
	found := cfg.Dir + " can be written"
	if !made {
		found = fmt.Sprintf("%s will be made; %s can be written", cfg.Dir, dir)
	}
	p.add("state", GradeOK, found, "")
	p.private(made)
	p.speed(e)
	p.space(e)
	return p.findings
}

// existing is dir, or the nearest directory above it that exists.
func existing(dir string) (at string, itself bool) {
	for at = filepath.Clean(dir); ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); err == nil || at == filepath.Dir(at) || !errors.Is(err, fs.ErrNotExist) {
			return at, at == filepath.Clean(dir)
		}
	}
}

func (p *prober) holder() {
	pid, held, err := Holder(p.cfg.Dir)
	switch {
	case err != nil:
		return // what is wrong with the directory shows in the next check
	case held && pid > 0:
		p.add("agent", GradeOK, fmt.Sprintf("process %d is running with %s", pid, p.cfg.Dir), "")
	case held:
		p.add("agent", GradeOK, "a process is running with "+p.cfg.Dir, "")
	}
}

// private minds that events, masked as they are, are nobody else's business.
func (p *prober) private(made bool) {
	info, err := os.Stat(SpoolDir(p.cfg.Dir))
	if made && err == nil && info.Mode().Perm()&0o077 != 0 {
		p.add("state", GradeWarn, fmt.Sprintf("%s has mode %#o: others may read what waits there", SpoolDir(p.cfg.Dir), info.Mode().Perm()), "chmod 700 "+SpoolDir(p.cfg.Dir))
	}
}

func (p *prober) speed(e spool.Examination) {
	found := fmt.Sprintf("a synced write takes %s, at worst %s", took(e.Median), took(e.Slowest))
	if e.Median > slowSync && p.cfg.Buffer.Fsync == "commit" {
		p.add("disk", GradeWarn, found, "put state_dir on a faster disk, or set delivery.buffer.fsync: interval (a power cut then may lose a second)")
		return
	}
	p.add("disk", GradeOK, found, "")
}

func (p *prober) space(e spool.Examination) {
	spare := spool.Options{MinFreeBytes: p.cfg.Buffer.MinFreeBytes}.Spare(e.Free, e.Total)
	found := fmt.Sprintf("%d MiB free, of which %d MiB may be used", e.Free>>20, max(0, spare)>>20)
	switch {
	case spare <= 0:
		p.add("space", GradeFail, found, "free some space, or lower delivery.buffer.min_free_bytes: nothing can be stored")
	case spare < p.cfg.Buffer.MaxBytes:
		p.add("space", GradeWarn, fmt.Sprintf("%s: less than delivery.buffer.max_bytes (%d MiB)", found, p.cfg.Buffer.MaxBytes>>20), "free some space, or lower delivery.buffer.max_bytes")
	default:
		p.add("space", GradeOK, found, "")
	}
}
