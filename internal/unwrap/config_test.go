package unwrap

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestConfig(t *testing.T) {
	cases := []struct {
		cfg  Config
		want string // part of the error, empty if there is none
	}{
		{Config{}, ""},
		{DefaultConfig(), ""},
		{Config{Format: "docker"}, ""},
		{Config{Format: "plain"}, `format: unknown carrier "plain": use one of auto, none, cri, docker`},
		{Config{JoinLimit: 100}, "join_limit: 100 bytes is too small"},
		{Config{JoinLimit: -1}, "join_limit: -1 bytes is too small"},
		{Config{PartialWait: time.Hour}, "partial_wait: 1h0m0s is out of range"},
		{Config{PartialWait: -1}, "partial_wait: -1ns is out of range"},
	}
	for _, c := range cases {
		err := c.cfg.Validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.cfg, err, c.want)
		}
	}
	for _, name := range Formats() {
		if err := (Config{Format: name}).Validate(); err != nil {
			t.Error(err)
		}
	}
}

func TestNames(t *testing.T) {
	diff(t, fmt.Sprint(CRI, Heroku, Carrier(99)), "cri heroku unknown")
	diff(t, fmt.Sprintf("%v/%v/%v", Unknown, Stdout, Stderr), "/stdout/stderr")
}
