package scrub

// builtinTokens is the catalogue: detector, prefix, shape, edge. Several prefixes of
// one kind stand in one row. The letters of a shape are explained in charset.go.
//
// Sources are the providers' own documentation and the published rules of secret
// scanners, as facts: prefix, alphabet, length.
var builtinTokens = []struct {
	name, prefixes, shape string
	edge                  edge
}{
	// Clouds. Amazon's key ids use base32 without 0, 1, 8 and 9; the secret half of a key has
	// no prefix and is found by its name only.
	{"aws-access-key", "AKIA ASIA ABIA ACCA", "B16", blobEdge},
	{"aws-access-key", "A3T", "u17", blobEdge},
	{"aws-bedrock-key", "ABSK", "b109+", blobEdge},
	{"aws-bedrock-key", "bedrock-api-key-", "b32+", plainEdge},
	{"gcp-api-key", "AIza", "w35", blobEdge},
	{"google-oauth-token", "ya29. ya29.c. ya29.a0.", "w20+", plainEdge},
	{"google-oauth-secret", "GOCSPX-", "w20+", plainEdge},
	{"alibaba-access-key", "LTAI", "a20", blobEdge},
	{"digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", "h64", plainEdge},
	{"yandex-api-key", "AQVN", "w35+", blobEdge},
	{"yandex-iam-token", "t1.", "e5+.e86+", wordEdge},
	{"yandex-oauth-token", "y0_", "w50+", plainEdge},
	{"cloudflare-origin-key", "v1.0-", "x24-x146", wordEdge},
	{"fly-token", "fm1_ fm2_", "c50+", plainEdge},
	{"fly-token", "fo1_", "w43", plainEdge},
	{"heroku-token", "HRKU-", "w36+", plainEdge},
	{"netlify-token", "nfp_", "a36+", plainEdge},
	{"render-key", "rnd_", "a28+", plainEdge},
	{"vercel-token", "vercel_blob_rw_", "i30+", plainEdge},
	{"scalingo-token", "tk-us-", "w48", wordEdge},
	{"planetscale-token", "pscale_tkn_ pscale_pw_ pscale_oauth_", "e32+", plainEdge},
	{"supabase-token", "sbp_", "h40", plainEdge},
	{"supabase-token", "sb_secret_", "w20+", plainEdge},
	{"tailscale-key", "tskey-", "w20+", plainEdge},
	{"mongodb-atlas-secret", "mdb_sa_sk_", "w40+", plainEdge},

	// Code, packages, builds. A token that can publish a package is worth more than any
	// password, and build logs print environments.
	{"github-token", "ghp_ gho_ ghu_ ghs_ ghr_", "a36:255", plainEdge},
	{"github-fine-grained-token", "github_pat_", "i36+", plainEdge},
	{"gitlab-token", "glpat- gldt- glrt- glft- glsoat- glffct- glcbt- glimt- glagent- gloas- glwt-", "w20+", plainEdge},
	{"gitlab-token", "glptt-", "h40", plainEdge},
	{"gitlab-runner-token", "GR1348941", "w20", plainEdge},
	{"bitbucket-password", "ATBB", "a28:40", blobEdge},
	{"atlassian-token", "ATATT3 ATCTT3", "e100+", blobEdge},
	{"npm-token", "npm_", "a36", plainEdge},
	{"pypi-token", "pypi-AgE", "w50+", plainEdge},
	{"rubygems-token", "rubygems_", "h48", plainEdge},
	{"clojars-token", "CLOJARS_", "a60", plainEdge},
	{"crates-token", "cio", "a32", wordEdge},
	{"nuget-key", "oy2", "a43", wordEdge},
	{"docker-token", "dckr_pat_ dckr_oat_", "w20+", plainEdge},
	{"circleci-token", "CCIPAT_ CCIPRJ_", "a22_h40", plainEdge},
	{"buildkite-token", "bkua_", "h40", plainEdge},
	{"sonar-token", "squ_ sqp_ sqa_", "a40", plainEdge},
	{"sourcegraph-token", "sgp_", "i40+", plainEdge},
	{"intra42-secret", "s-s4t2ud- s-s4t2af-", "h64", wordEdge},
	{"jfrog-key", "AKCp", "a69", blobEdge},
	{"jfrog-reference-token", "cmVmdGtu", "a56:59", blobEdge},
	{"octopus-key", "API-", "u26", wordEdge},
	{"harness-token", "pat. sat.", "w22.a24.a20", wordEdge},
	{"pulumi-token", "pul-", "h40", wordEdge},
	{"prefect-key", "pnu_ pnb_", "a36", plainEdge},
	{"infracost-key", "ico-", "a32", wordEdge},
	{"doppler-token", "dp.pt. dp.sa. dp.ct. dp.scim. dp.audit.", "a40+", wordEdge},
	{"doppler-service-token", "dp.st.", "D40+", wordEdge},
	{"vault-token", "hvs. hvb. hvr.", "w24+", wordEdge},
	{"openshift-token", "sha256~", "w43", plainEdge},
	{"snyk-token", "snyk_uat.", "x8.w20+", plainEdge},
	{"readme-key", "rdme_", "a70", plainEdge},

	// Models. The general sk- comes last of its kind: it asks for the most.
	{"openai-key", "sk-proj- sk-svcacct- sk-admin- sk-None-", "w20+", wordEdge},
	{"anthropic-key", "sk-ant-", "w24+", wordEdge},
	{"secret-key", "sk-", "w32+", wordEdge},
	{"elevenlabs-key", "sk_", "h48", plainEdge},
	{"huggingface-token", "hf_", "a30:40", plainEdge},
	{"huggingface-token", "api_org_", "a34", plainEdge},
	{"groq-key", "gsk_", "a40+", plainEdge},
	{"replicate-token", "r8_", "a37", plainEdge},
	{"perplexity-key", "pplx-", "a40+", plainEdge},
	{"xai-key", "xai-", "w60+", wordEdge},
	{"nvidia-key", "nvapi-", "w60+", plainEdge},
	{"langsmith-key", "lsv2_pt_ lsv2_sk_", "h32_h10", plainEdge},
	{"pinecone-key", "pcsk_", "i60+", plainEdge},
	{"jina-key", "jina_", "a60+", plainEdge},
	{"tavily-key", "tvly-", "w30+", plainEdge},
	{"anyscale-key", "esecret_", "a20+", plainEdge},

	// Money. Keys of test modes are masked as well: nobody can tell them from real ones at a
	// glance, and masking one does no harm.
	{"stripe-key", "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_", "i10:260", plainEdge},
	{"stripe-webhook-secret", "whsec_", "b24+", plainEdge},
	{"checkout-key", "sk_sbx_", "a20+", plainEdge},
	{"square-token", "sq0atp-", "w22", plainEdge},
	{"square-secret", "sq0csp-", "w43", plainEdge},
	{"square-token", "EAAA", "w60", blobEdge},
	{"shippo-token", "shippo_live_ shippo_test_", "h40", plainEdge},
	{"easypost-key", "EZAK EZTK", "a54", blobEdge},
	{"flutterwave-key", "FLWSECK_TEST-", "a12+", plainEdge},
	{"flutterwave-key", "FLWSECK-", "a12:40", plainEdge},
	{"plaid-token", "access-sandbox- access-development- access-production-", "x8-x4-x4-x4-x12", plainEdge},
	{"braintree-token", "access_token$production$", "a16$h32", plainEdge},
	{"duffel-token", "duffel_live_ duffel_test_", "e43", plainEdge},
	{"amazon-mws-token", "amzn.mws.", "x8-x4-x4-x4-x12", wordEdge},

	// Messages and mail. SK and AC are two letters: only the one that is a key is here, and
	// its 32 digits must be lower-case.
	{"slack-token", "xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxc- xoxd-", "w10+", plainEdge},
	{"slack-token", "xoxo-", "w10+", wordEdge}, // 2018-250-xoxo-indieweb-1.jpg
	{"slack-app-token", "xapp-", "w10+", plainEdge},
	{"twilio-key", "SK", "h32", plainEdge},
	{"sendgrid-key", "SG.", "w22.w43", wordEdge},
	{"brevo-key", "xkeysib- xsmtpsib-", "h64-a16", plainEdge},
	{"mailgun-key", "key-", "h32", wordEdge},
	{"resend-key", "re_", "a8_a24", plainEdge},
	{"facebook-token", "EAAM EAAC EAAB EAAG", "a80+", blobEdge},

	// Work. pat, sl. and the like are words or ends of words; their edge and the length of
	// their shape tell them apart.
	{"shopify-token", "shpat_ shpca_ shppa_ shpss_ shprt_", "x32", plainEdge},
	{"linear-key", "lin_api_", "a40", plainEdge},
	{"linear-token", "lin_oauth_", "h64", plainEdge},
	{"notion-token", "ntn_", "a40:60", plainEdge},
	{"notion-token", "secret_", "a43", wordEdge},
	{"airtable-token", "pat", "a14.h64", wordEdge},
	{"figma-token", "figd_ figo_ figdr_ figor_", "w40+", plainEdge},
	{"contentful-token", "CFPAT-", "w43", plainEdge},
	{"dropbox-token", "sl.", "w130+", wordEdge},
	{"dropbox-token", "sl.u.", "w130+", wordEdge},
	{"frameio-token", "fio-u-", "e64", wordEdge},
	{"typeform-token", "tfp_", "D40+", plainEdge},
	{"postman-key", "PMAK-", "h24-h34", plainEdge},
	{"databricks-token", "dapi", "h32-d1", blobEdge}, // the longer one first
	{"databricks-token", "dapi", "h32", blobEdge},
	{"adobe-secret", "p8e-", "w32", wordEdge},
	{"onepassword-token", "ops_eyJ", "c250+", plainEdge},
	{"onepassword-secret-key", "A3-", "u6-u11-u5-u5-u5", wordEdge},
	{"onepassword-secret-key", "A3-", "u6-u6-u5-u5-u5-u5", wordEdge},
	{"private-key", "b3BlbnNzaC1rZXktdjE", "b20+", blobEdge},
	{"age-secret-key", "AGE-SECRET-KEY-1", "u58", plainEdge},
	{"mapbox-secret-token", "sk.eyJ", "w20+.w20+", wordEdge},

	// Watching.
	{"grafana-cloud-token", "glc_", "b32+", plainEdge},
	{"grafana-service-token", "glsa_", "a32_x8", plainEdge},
	{"grafana-api-key", "eyJrIjoi", "b62+", plainEdge},
	{"newrelic-key", "NRAK-", "a27", plainEdge},
	{"newrelic-key", "NRJS-", "h19", plainEdge},
	{"newrelic-key", "NRII- NRIQ-", "w32", plainEdge},
	{"dynatrace-token", "dt0c01.", "u24.u64", plainEdge},
	{"sentry-token", "sntrys_eyJ", "c40+", plainEdge},
	{"sentry-token", "sntryu_ sntryi_ sntrya_", "h64", plainEdge},
	{"posthog-key", "phx_", "a40+", plainEdge},
	{"axiom-token", "xaat- xapt-", "x8-x4-x4-x4-x12", plainEdge},
}

// findShapes are tokens whose telling part does not stand at their beginning.
//
//	Telegram     123456789:AAE...      8 to 10 digits before the colon
//	Azure AD     abc8Q~...             three letters and a digit before Q~
//	RSA keys      MIIEpAIBAAKCAQEA...   the beginning of the structure, without its armour
//	Terraform    x14.atlasv1....       14 letters before the dot
//	Mailchimp    0123...-us12          32 hexadecimal digits before the dash
var innerTokens = []struct {
	name, prefix string
	before       part
	shape        string
}{
	{"telegram-bot-token", ":AA", part{set: digits, min: 8, max: 10}, "w32:33"},
	{"azure-ad-secret", "Q~", part{set: azureSecret, min: 4, max: 4}, "A31:34"},
	{"private-key", "IBAAKCA", part{set: base64Std, min: 4, max: 6}, "b20+"},
	{"private-key", "IBADANBgkqhkiG9w0BAQEFAASC", part{set: base64Std, min: 4, max: 6}, "b20+"},
	{"terraform-token", ".atlasv1.", part{set: alnum, min: 14, max: 14}, "c60+"},
	{"mailchimp-key", "-us", part{set: lowerHex, min: 32, max: 32}, "d1:2"},
}

// webhooks are addresses that are themselves the secret: who knows them may post.
var webhooks = []struct{ name, prefix, shape string }{
	{"slack-webhook", "hooks.slack.com/services/", "u8+/u8+/a20+"},
	{"slack-webhook", "hooks.slack.com/workflows/", "u8+/u8+/d8+/a20+"},
	{"slack-webhook", "hooks.slack.com/triggers/", "u8+/d8+/h20+"},
	{"slack-webhook", "hooks.slack.com/services/", "b40:80"},
	{"slack-webhook", "hooks.slack.com/workflows/", "b40:80"},
	{"slack-webhook", "hooks.slack.com/triggers/", "b40:80"},
	{"discord-webhook", "discord.com/api/webhooks/", "d17:20/w60+"},
	{"discord-webhook", "discordapp.com/api/webhooks/", "d17:20/w60+"},
	{"teams-webhook", "webhook.office.com/webhookb2/", "E20+"},
	{"zapier-webhook", "hooks.zapier.com/hooks/catch/", "d4+/a5+"},
}
