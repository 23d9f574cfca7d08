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
