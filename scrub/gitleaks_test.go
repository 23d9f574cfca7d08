package scrub

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const gitleaks = "github.com/zricethezav/gitleaks/v8@v8.30.1"

// pathBound are the rules of gitleaks that look at the name of a file, which a log line
// does not have, and the one that looks for public ids.
var pathBound = map[string]string{
	"hashicorp-tf-password":  "needs the file name *.tf",
	"freemius-secret-key":    "needs the file name *.php",
	"nuget-config-password":  "needs the file name nuget.config",
	"kubernetes-secret-yaml": "base64 under any key of a YAML file",
	"pkcs12-file":            "is about a file name only",
}

// gitleaksSample is a text out of gitleaks' own tests, and what gitleaks finds in it.
type gitleaksSample struct {
	Rule, Text string
	Positive   bool
	Secrets    []string
}

// TestGitleaks holds the scrubber against the samples of gitleaks' own rules. They are
// fetched and generated on demand: SCRUB_GITLEAKS=1 go test ./scrub -run Gitleaks -v.
func TestGitleaks(t *testing.T) {
	if os.Getenv("SCRUB_GITLEAKS") == "" {
		t.Skip("fetches gitleaks; set SCRUB_GITLEAKS=1 to run it")
	}
	s := standard().Clone()
	found, missed := map[string]int{}, map[string][]string{}
	total, all, marked, negatives := 0, 0, 0, 0
	for _, x := range gitleaksSamples(t) {
		if pathBound[x.Rule] != "" {
			continue
		}
		out := s.String(x.Text)
		if !x.Positive {
			negatives++
			if out != x.Text {
				marked++
				t.Logf("negative of %s: %.200q became %.200q", x.Rule, x.Text, out)
			}
			continue
		}
		all++
		if leaks := leftOf(x, out); leaks == "" {
			total++
			found[x.Rule]++
		} else {
			missed[x.Rule] = append(missed[x.Rule], fmt.Sprintf("%.160q leaves %.80q", x.Text, leaks))
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(missed)) {
		t.Logf("%s: %d of %d", rule, found[rule], found[rule]+len(missed[rule]))
		for _, m := range missed[rule] {
			t.Logf("    %s", m)
		}
	}
	t.Logf("%d of %d positives (%.1f %%), %d of %d negatives marked", total, all, 100*float64(total)/float64(all), marked, negatives)
	if total*100 < all*97 {
		t.Errorf("%d of %d positives are masked; 97 %% are promised", total, all)
	}
}

// readable are the parts of what gitleaks reports that stay readable on purpose: the host
// of a webhook, the user before a password, the first and last line of a private key.
var readable = regexp.MustCompile(`-----[A-Z ]+-----|^"?(https?://)?(hooks\.slack\.com/[a-z]+/|[^:/ ]+:)|@[a-z]+\.contribsys\.com.*`)

// leftOf returns eight bytes of a secret of x that are still in out.
func leftOf(x gitleaksSample, out string) string {
	for _, found := range x.Secrets {
		for _, secret := range readable.Split(found, -1) {
			around := strings.ReplaceAll(x.Text, secret, "")
			for i := 0; i+8 <= len(secret); i++ {
				if piece := secret[i : i+8]; strings.Contains(out, piece) && !strings.Contains(around, piece) {
					return piece
				}
			}
		}
	}
	if len(x.Secrets) == 0 && out == x.Text {
		return x.Text
	}
	return ""
}

// gitleaksSamples makes gitleaks write its samples: they are made at random by the
// program that writes its rules.
func gitleaksSamples(t *testing.T) (samples []gitleaksSample) {
	t.Helper()
	run := func(dir, name string, args ...string) []byte {
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, errs.Bytes())
		}
		return out
	}
	dir := t.TempDir()
	var module struct{ Dir string }
	if err := json.Unmarshal(run(dir, "go", "mod", "download", "-json", gitleaks), &module); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(dir, "gitleaks")
	if err := os.CopyFS(copied, os.DirFS(module.Dir)); err != nil {
		t.Fatal(err)
	}
	stub, err := os.ReadFile("testdata/gitleaks/validate.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	place := filepath.Join(copied, "cmd", "generate", "config", "utils", "validate.go")
	if err := os.Chmod(place, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(place, stub, 0o600); err != nil {
		t.Fatal(err)
	}
	out := run(filepath.Join(copied, "cmd", "generate", "config"), "go", "run", ".", filepath.Join(dir, "rules.toml"))
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var x gitleaksSample
		if err := d.Decode(&x); err != nil {
			t.Fatal(err)
		}
		samples = append(samples, x)
	}
	return samples
}
