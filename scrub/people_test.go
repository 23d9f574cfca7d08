package scrub

import "strings"

func withGroups(groups ...string) func(*Config) {
	return func(c *Config) { c.Groups = append(c.Groups, groups...) }
}

// byWord turns the § of a wanted text into a placeholder, which specimens do not know.
func byWord(word string, hits ...string) []string {
	for i, h := range hits {
		hits[i] = h + " => § " + strings.ReplaceAll(h, "§", word)
	}
	return hits
}

var personSpecimens = []specimen{
	{
		detector: "email",
		change:   withGroups(GroupEmail),
		secrets:  []string{"bob.smith+x@example.com", "a@b.co"},
		hits:     byWord("[email]", "§", "mail to §, please", "<§>", "user=§", `"§"`, "§.", "(§)"),
		misses:   []string{"git@github.com:org/repo", "@scope/pkg", "pkg@1.2.3", "icon@2x.png", "a @ b", "user@localhost", "@user", "x@"},
	},
	{
		detector: "ip",
		change:   withGroups(GroupIP),
		secrets:  []string{"203.0.113.77", "2001:db8:85a3::8a2e:370:7334", "fe80::1ff:fe23:4567:890a"},
		hits:     byWord("[ip]", "§", "from § port", "(§)", `"§"`, "client=§,", "§."),
		misses:   []string{"v1.2.3.4", "1.2.3", "127.0.0.1", "0.0.0.0", "::1", "12:30:45", "aa:bb:cc:dd:ee:ff", "1.2.3.4.5", "256.1.1.1", "std::dead::beef", "2026-11-22T05:30:00"},
	},
	{
		detector: "ip",
		change:   withGroups(GroupIP),
		secrets:  []string{"203.0.113.77"},
		hits:     byWord("[ip]", "§:8080", "http://§/x", "http://§:80/x"),
	},
	{
		detector: "phone",
		change:   withGroups(GroupPhone),
		secrets:  []string{"+4915112345678", "+1 415-555-2671", "+44 20 7946 0958", "+8801712345678", "01712345678"},
		hits:     byWord("[phone]", "§", "call §, now", "(§)", `"§"`, "to=§"),
		misses:   []string{"+0000", "a+b", "+1.5", "1+12345678", "+12", "2026+0530", "x01712345678", "017123456789", "+"},
	},
	{
		detector: "ssn",
		change:   withGroups(GroupSSN),
		secrets:  []string{"078-05-1120", "219-09-9999"},
		hits:     byWord("[us-ssn]", "§", "is §, ok", "(§)"),
		misses:   []string{"000-12-3456", "666-12-3456", "912-12-3456", "078-00-1120", "078-05-0000", "1078-05-1120", "078-05-11200", "x078-05-1120"},
	},
	{
		detector: "ssn",
		secrets:  []string{"078-05-1120", "078051120"},
		hits:     byWord("[us-ssn]", "ssn=§", `"ssn":"§"`, "social_security_number: §"),
		misses:   []string{"ssn=12", "078-05-1120", "ssn=none"},
	},
}

func init() {
	group := func(names ...string) func(*Config) { return func(c *Config) { c.Groups = append(c.Groups, names...) } }
	personSpecimens = append(personSpecimens,
		specimen{detector: "mac", change: group(GroupMAC), secrets: []string{"00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5E"},
			hits:   []string{"lease for § => § lease for [mac]", `{"mac":"§"} => § {"mac":"[mac]"}`},
			misses: []string{"ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "12:34:56", "a0:1a:2b:3c:4d:5e:6f", "00:1a-2b:3c-4d:5e", "2001:db8:1a2b:3c4d:5e6f:1:2:3"}},
		specimen{detector: "uuid", change: group(GroupUUID), secrets: []string{"123e4567-e89b-12d3-a456-426614174000"},
			hits: []string{"order § paid => § order [uuid] paid", "/orders/§/x => § /orders/[uuid]/x"}, misses: []string{"123e4567-e89b-12d3-a456-42661417400", "123e4567e89b12d3a456426614174000"}},
		specimen{detector: "imei", change: group(GroupIMEI), secrets: []string{imei},
			hits: []string{"phone § on => § phone [imei] on"}, misses: []string{"490154203237518", "350000000000001", "x" + imei, imei + "0"}},
		specimen{detector: "user-path", change: group(GroupUserPath), secrets: []string{"bob.smith", "anna"},
			hits:   []string{"/home/§/x.py => § /home/[user]/x.py", "open /Users/§/a: no => § open /Users/[user]/a: no", `C:\Users\§\x => § C:\Users\[user]\x`, `{"f":"C:\\Users\\§\\x"} => § {"f":"C:\\Users\\[user]\\x"}`},
			misses: []string{"/home/app/x", "/users/7", "/Users/Shared/x", "/home/", "x/home/bob"}},
		specimen{detector: "person", change: group(GroupPerson), secrets: []string{"Smith" + "son", "19" + "81-02-03"},
			hits: []string{"last_name=§", `{"dateOfBirth":"§"}`, "passport_number: §"}, misses: []string{"name=x", "filename=bob", "first_name_missing=1"}},
		specimen{detector: "prose", change: group(GroupProse), secrets: []string{"hun" + "ter2", "sword" + "fish"},
			hits:   []string{"the password is §.", "your password is now § and", "password was '§'", "secret set to §", "password changed from § to §"},
			misses: []string{"password is incorrect", "password is not set", "the password was changed", "token is expired", "password is too short", "password is required."}},
		specimen{detector: "entropy", change: group(GroupEntropy), secrets: []string{"q8W3e7R1" + "t5Y9u2I4o6P0aS", "Zm9vYmFy" + "MTIzNDU2Nzg5MFFX/kL8"},
			hits:   []string{"got § back", `{"v":"§"}`},
			misses: []string{"4bf92f3577b34da6a3ce929d0e0e4736", "com.acme.AbstractOrderServiceFactoryBean2", "/usr/lib/x86_64-linux-gnu/Libfoo2/Bar3/baz", "123e4567-e89b-12d3-a456-426614174000", "checkout-7d9c5b6f4-x2x9z"}},
	)
}

// imei is a number of a phone whose checksum fits.
var imei = "35" + "6938035643809"
