package scrub

// pemBody is base64 like that of a key, in lines of 64.
var pemBody = "MIIEpAIBAAKCAQEA7bq3PcnryKey0123456789abcdefghijklmnopqrstuvwxyz" + "\n" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo5OTk5OTk5OTk5OTk5OTk5OTk5OTk5" + "\n" + "c2hvcnQ="

// publicBody is the same as a public key or a certificate begins.
var publicBody = "MIIBCgKCAQEA" + pemBody[16:]

func pemText(kind, body string) string {
	return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----"
}

func maskedPEM(kind string) string {
	return "-----BEGIN " + kind + "-----\n[Filtered]\n[Filtered]\n[Filtered]\n-----END " + kind + "-----"
}

var pemSpecimens = []specimen{{
	detector: "private-key",
	secrets:  []string{pemBody},
	hits: []string{
		"-----BEGIN RSA PRIVATE KEY-----\n§\n-----END RSA PRIVATE KEY----- => § " + maskedPEM("RSA PRIVATE KEY"),
		"-----BEGIN OPENSSH PRIVATE KEY-----\n§\n-----END OPENSSH PRIVATE KEY-----\nnext line => § " + maskedPEM("OPENSSH PRIVATE KEY") + "\nnext line",
		"-----BEGIN PGP PRIVATE KEY BLOCK-----\n§\n-----END PGP PRIVATE KEY BLOCK----- => § " + maskedPEM("PGP PRIVATE KEY BLOCK"),
		"x\n-----BEGIN EC PRIVATE KEY-----\n§\nthe next line => § x\n-----BEGIN EC PRIVATE KEY-----\n[Filtered]\n[Filtered]\n[Filtered]\nthe next line",
		"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123\n\n§\n => § -----BEGIN RSA PRIVATE KEY-----\n[Filtered]\n[Filtered]\n\n[Filtered]\n[Filtered]\n[Filtered]\n",
		"Private-Lines: 3\n§\nPrivate-MAC: x => § Private-Lines: 3\n[Filtered]\n[Filtered]\n[Filtered]\nPrivate-MAC: x",
	},
	misses: []string{
		pemText("CERTIFICATE", publicBody), pemText("PUBLIC KEY", publicBody), "-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN X-----", "-----BEGIN ",
	},
}, {
	detector: "private-key",
	secrets:  []string{"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo5OTk5OTk5"},
	hits: []string{
		`{"k":"-----BEGIN PRIVATE KEY-----\nMIIEpAIB§\n-----END PRIVATE KEY-----\n"} => § {"k":"-----BEGIN PRIVATE KEY-----§-----END PRIVATE KEY-----\n"}`,
		`"k":"-----BEGIN PRIVATE KEY-----\\n§\\n-----END PRIVATE KEY-----" => § "k":"-----BEGIN PRIVATE KEY-----§-----END PRIVATE KEY-----"`,
		`"k":"-----BEGIN PRIVATE KEY-----\n§","next":1 => § "k":"-----BEGIN PRIVATE KEY-----§","next":1`,
		"-----BEGIN PRIVATE KEY----- § -----END PRIVATE KEY-----",
	},
}}
