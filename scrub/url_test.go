package scrub

var urlSpecimens = []specimen{
	{
		detector: "url-password",
		secrets:  []string{"hun" + "ter2", "p@ss:" + "w0rd", "per%40" + "cent", "pa,ss;" + "w(o)rd", "8417" + "0362"},
		hits: []string{
			"postgres://u:§@h/db", "redis://:§@h/0", "https://bob:§@example.com:8443/x?y=1", "amqp://guest:§@mq:5672/%2f", "mongodb+srv://u:§@a,b,c/db", "dial postgres://u:§@h: refused",
			`"postgres://u:§@h/db"`, `postgres:\/\/u:§@h\/db`, "DATABASE_URL=postgres://u:§@h/db", "url=https://u:§@h",
		},
		misses: []string{
			"https://host:8080/@user", "https://host/a:b@c", "https://host:8080/path?mail=a@b.c", "http://u:@h/", "https://u:${PASS}@h/", "https://u:***@h/", "https://user@host/", "s3://bucket/key:x@y",
			"http://[::1]:80/@x", "https://u:[Filtered]@h/",
		},
	},
	{
		detector: "url-password",
		secrets:  []string{"hun/ter2", "hun#ter2x", "hu?nter2"},
		hits:     []string{"postgres://u:§@h/db"},
	},
	{
		detector: "url-password",
		secrets:  []string{"hun" + "ter2"},
		hits: []string{"x=postgres%3A%2F%2Fu%3A§%40h%2Fdb", "bob:§@tcp(db:3306)/shop", "dsn bob:§@unix(/tmp/x)/shop", "jdbc:oracle:thin:scott/§@h:1521:x", "sqlplus scott/§@db",
			"https://§:x-oauth-basic@github.com/x"},
	},
	{
		detector: "url-signature",
		secrets:  []string{"Canary9" + "f00dcafe", "aB%2Fc" + "D%3D%3D99"},
		hits:     []string{"https://x.blob.core.windows.net/c?sv=2024&sig=§&se=1", "?X-Amz-Signature=§", "?a=b&X-Amz-Credential=§&c", "&signature=§", `\u0026sig=§`},
		misses:   []string{"sig=SIGTERM signal", "signature=none", "?sig=abc"},
	},
}
