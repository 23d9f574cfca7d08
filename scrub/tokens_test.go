package scrub

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// alphabets are the bytes of the sets, to make values of them.
func alphabet(ss set) string {
	var b strings.Builder
	for c := range 128 {
		if ss.has(byte(c)) && c != '=' && c != '.' && c != '@' && c != '/' && c != '~' && c != '+' {
			b.WriteByte(byte(c))
		}
	}
	return b.String()
}

// sample makes a value of a shape. It has a digit and ends in a letter or digit.
func sample(r *rand.Rand, sh shape, longer int) string {
	m := lineMaker{r}
	for {
		var b strings.Builder
		for _, p := range sh {
			if p.sign != 0 {
				b.WriteByte(p.sign)
				continue
			}
			n := min(p.min+longer, max(p.max, p.min))
			if p.max != unbounded {
				n = p.min + longer
			}
			b.WriteString(m.from(alphabet(p.set), n))
		}
		v := b.String()
		if strings.ContainsAny(v, "234567") && alnum.has(v[len(v)-1]) && alnum.has(v[0]) {
			return v
		}
	}
}

// tokenSpecimens makes values of every shape of the catalogue.
func tokenSpecimens() (all []specimen) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, row := range builtinTokens {
		sh := parseShape(row.shape)
		for _, prefix := range strings.Fields(row.prefixes) {
			sp := specimen{detector: row.name}
			for range 2 {
				v := prefix + sample(r, sh, 0)
				sp.secrets = append(sp.secrets, v)
			}
			sp.hits = []string{"§", `"§"`, "https://example.com/x/§", "https://example.com/§/y", "§.", "§, next", `§\n`, `\n§ x`, "key=§", "(§)", "%3D§", "a §\tb", "'§'", ">§<", "[§]", "x:§;"}
			if last := sh[len(sh)-1].set; last == base64Std || last == base64Any { // a path goes on in base64
				sp.hits = slices.DeleteFunc(sp.hits, func(h string) bool { return h == "https://example.com/§/y" })
			}
			if row.edge == plainEdge {
				sp.hits = append(sp.hits, "x.§", "a_b-§")
			}
			sp.misses = []string{prefix, "x" + prefix + sample(r, sh, 0), prefix + " " + sample(r, sh, 0)[:4]}
			if strings.HasSuffix(prefix, "eyJ") { // behind another first letter it is a JWT
				sp.misses = sp.misses[:1]
			}
			all = append(all, sp)
		}
	}
	return append(all, innerSpecimens...)
}

var innerSpecimens = []specimen{
	{
		detector: "telegram-bot-token",
		secrets:  []string{"123456789:AA" + "E0123456789abcdefghijklmnopqrstuv"[:33]},
		hits:     []string{"§", "https://api.telegram.org/bot§/sendMessage", "token is §,"},
		misses:   []string{"12:AAE", "a:AA" + "E0123456789abcdefghijklmnopqrstuv"},
	},
	{
		detector: "azure-ad-secret",
		secrets:  []string{"abc8Q~" + "0123456789abcdefghijklmnopqrstuvw"},
		hits:     []string{"§", "is §,", `"§"`},
		misses:   []string{"abcdQ~" + "0123456789abcdefghijklmnopqrstuvw", "abc8Q~short"},
	},
	{
		detector: "terraform-token",
		secrets:  []string{"abcdefghijklm1" + ".atlasv1." + strings.Repeat("a1", 31)},
		hits:     []string{"§", "is §,"},
		misses:   []string{"x.atlasv1.y", "abcdefghijklm1.atlasv1.short1"},
	},
	{
		detector: "mailchimp-key",
		secrets:  []string{"0123456789abcdef" + "0123456789abcdef" + "-us12"},
		hits:     []string{"§", "is §,"},
		misses:   []string{"en-us1", "us-us2"},
	},
	{
		detector: "slack-webhook",
		secrets:  []string{"T0123ABCD/B0123ABCD/" + "abcdefghij0123456789ABCD"},
		hits:     []string{"https://hooks.slack.com/services/§", `"https://hooks.slack.com/services/§"`},
		misses:   []string{"https://hooks.slack.com/services/", "see https://hooks.slack.com/services/help"},
	},
	{
		detector: "discord-webhook",
		secrets:  []string{"123456789012345678/" + strings.Repeat("aB3_", 17)},
		hits:     []string{"https://discord.com/api/webhooks/§", "https://discordapp.com/api/webhooks/§?wait=1"},
		misses:   []string{"https://discord.com/api/webhooks/", "https://discord.com/api/webhooks/123456789012345678"},
	},
	{
		detector: "teams-webhook",
		secrets:  []string{"1f9a77c0-b3d4-4e5f-a6b7-c8d9e0f1a2b3@" + "2f9a77c0-b3d4-4e5f-a6b7-c8d9e0f1a2b4/IncomingWebhook/" + strings.Repeat("a1", 16)},
		hits:     []string{"https://acme.webhook.office.com/webhookb2/§", `"https://acme.webhook.office.com/webhookb2/§"`},
		misses:   []string{"https://acme.webhook.office.com/webhookb2/", "https://acme.webhook.office.com/webhookb2/help"},
	},
	{
		detector: "zapier-webhook",
		secrets:  []string{"1234567/" + "ab12cd3"},
		hits:     []string{"https://hooks.zapier.com/hooks/catch/§", "POST https://hooks.zapier.com/hooks/catch/§/ 200"},
		misses:   []string{"https://hooks.zapier.com/hooks/catch/", "https://hooks.zapier.com/hooks/catch/help"},
	},
	{
		detector: "jwt",
		secrets: []string{
			"eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
			"eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0",
			"eyJhbGciOiJub25lIn0" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0",
			"eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0" + "..48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4.XFBoMYUZodetZdvTiFvSkQ",
			"ZXlKaGJHY2lPaUpJVXpJMU5pSjku" + "ZXlKemRXSWlPaUl4TWpNME5UWTNPRGt3SW4wLmFiY2RlZg",
		},
		hits:   []string{"§", "jwt §, next", `"§"`, "/x/§ y", "token is § today", `\n§\n`},
		misses: []string{"eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.abc", "eyJ.eyJ.eyJ", "heyJude.wasnt.here.for.a.long.time.at.all.today"},
	},
}
