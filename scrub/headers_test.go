package scrub

var headerSpecimens = []specimen{
	{
		detector: "authorization",
		hits: []string{
			"Authorization: Basic §", "authorization: Bearer §", "Authorization: Token §", "Authorization: §", "Proxy-Authorization: Basic §", "Authorization: Negotiate §",
			"Authorization=Bearer §", "{Authorization=[Bearer §], Host=[x]}", "map[Authorization:[Bearer §] Host:[x]]", "Authorization: ApiKey §", "-H Authorization:§",
			"Authorization: Bearer § user=bob status=200", "HTTP_AUTHORIZATION=Bearer §", "authorization=§ user=bob", "Authorization: Custom § => § Authorization: §",
		},
	},
	{
		detector: "authorization",
		secrets:  []string{"hun" + "ter2", "Canary9" + "f00dcafe"},
		hits: []string{
			`"Authorization": ["Bearer §"]`, `"authorization":"Basic §"`, `'Authorization': 'Token §'`, `-H "Authorization: Bearer §" https://x`, `-H 'Authorization: Bearer §' https://x`,
			`{\"Authorization\":\"Bearer §\"}`, `('Authorization', 'Bearer §')`, `rawHeaders: [ 'Host', 'x', 'Authorization', 'Bearer §', 'Accept', 'y' ]`, `Authorization: Bearer "§"`, `GET / HTTP/1.1\r\nAuthorization: Custom §\r\nHost: x => § GET / HTTP/1.1\r\nAuthorization: §\r\nHost: x`,
			`Authorization: Digest username="bob", realm="r", response="§" => § Authorization: Digest §`,
			`"Authorization: Digest username=\"bob\", response=\"§\"" => § "Authorization: Digest §"`,
			`{"m":"Authorization: Digest username=\"bob\", response=\"§\""} => § {"m":"Authorization: Digest §"}`,
			`Authorization: AWS4-HMAC-SHA256 Credential=AK/20261122/x, SignedHeaders=host, Signature=§ => § Authorization: AWS4-HMAC-SHA256 §`,
			`Authorization: Token token="§", nonce="x" => § Authorization: Token §`,
			`Authorization: Digest a=§, b=c => § Authorization: Digest §`,
		},
		misses: []string{`headers["authorization"] = "Basic " + x`, `headers["authorization"] = (`, `"authorization": null`, `"authorization": {"enabled": true}`, "Authorization: Bearer ${TOKEN}",
			"Authorization: Bearer <token>", "Authorization: Basic ***", "authorization: allowed for bob"},
	},
	{
		detector: "bearer",
		secrets:  []string{"Canary9" + "f00dcafe", "cnry.Tok-" + "8f7e6d5c4b3a29181706", "aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ="},
		misses:   []string{"token_type=bearer expires_in=3600", "token refresh=17abcdefg", "bearer x=1234567"},
		hits:     []string{"sent Bearer §", "bearer §, next", "curl -H 'X: Bearer §'", "got Negotiate § back", "header=Bearer%20§"},
	},
	{
		detector: "bearer",
		secrets:  []string{"dXNlcjpwYXNz", "Ym9iOmh1bnRlcjI="},
		hits:     []string{"sent Basic §", `"Basic §"`},
		misses:   []string{"Basic Authentication", "Basic plan2024", "basic information", "Basic dXNl"},
	},
	{
		detector: "cookie",
		hits: []string{
			"Cookie: theme=d; sid=§", "Cookie: sid=§; theme=d", "Set-Cookie: PHPSESSID=§; path=/; HttpOnly", "cookie=session=§", "Cookie: a=1; auth_token=§; b=2; csrftoken=§",
			"{Cookie=[a=b; JSESSIONID=§], Host=[x]}",
		},
		secrets: []string{"hun" + "ter2", "Canary9" + "f00dcafe!", "s%3Aabc" + "def.ghi"},
		misses:  []string{"Cookie: theme=dark; lang=en", "Set-Cookie: theme=dark; path=/", "cookie: accepted", "Cookie: ", "Cookie: sid=; a=b"},
	},
	{
		detector: "cookie",
		secrets:  []string{"hun" + "ter2", "Canary9" + "f00dcafe!"},
		hits:     []string{`"cookie":"theme=d; sid=§"`, `"Set-Cookie":["sid=§; path=/", "jwt=§"]`, `"cookies":{"x":1}, "Cookie": "sid=\"§\"; a=b"`, `Cookie: a="b c"; sid=§`, `-H 'Cookie: sid=§'`, `[ 'Cookie', 'a=b; sid=§', 'Accept' ]`, `{"m":"Cookie: a=1; sid=§"}`, `Cookie: a=1; sid=§\r\nHost: x`},
	},
	{
		detector: "cookie",
		secrets:  strongSecrets,
		hits:     []string{"Cookie: §", `"cookie":"§"`},
	},
}
