package shipper

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDefaultConfigIsValid(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Error(err)
	}
}

func TestValidateNamesTheKey(t *testing.T) {
	notPEM := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(notPEM, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	secret := "hun" + "ter2"
	tests := map[string]func(*Config){
		"senders":                func(c *Config) { c.Senders = 0 },
		"on_rate_limit":          func(c *Config) { c.OnRateLimit = "panic" },
		"attempt_timeout":        func(c *Config) { c.AttemptTimeout = 0 },
		"request_timeout":        func(c *Config) { c.RequestTimeout = -1 },
		"grace":                  func(c *Config) { c.Grace = -1 },
		"compression":            func(c *Config) { c.Compression = "zstd" },
		"buffer.max_bytes":       func(c *Config) { c.Buffer.MaxBytes = 1 << 20 },
		"buffer.max_age":         func(c *Config) { c.Buffer.MaxAge = -1 },
		"buffer.fsync":           func(c *Config) { c.Buffer.Fsync = "" },
		"buffer.when_full":       func(c *Config) { c.Buffer.WhenFull = "explode" },
		"dead_letters.max_files": func(c *Config) { c.Dead.MaxFiles = -1 },
		"dead_letters.max_bytes": func(c *Config) { c.Dead.MaxBytes = -1 },
		"proxy":                  func(c *Config) { c.Proxy = "user:" + secret + "@proxy:3128" },
		"ca_file":                func(c *Config) { c.CAFile = notPEM },
		"client_cert":            func(c *Config) { c.ClientCert = notPEM },
	}
	for key, spoil := range tests {
		c := DefaultConfig()
		spoil(&c)
		err := c.Validate()
		if err == nil || !strings.Contains(err.Error(), key+":") || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error is %v", key, err)
		}
	}
	everything := DefaultConfig()
	for _, spoil := range tests {
		spoil(&everything)
	}
	if err := everything.Validate(); strings.Count(err.Error(), "\n")+1 != len(tests) {
		t.Errorf("not every fault is named: %v", err)
	}
}
