module oauth-gauntlet.example/clients/x-oauth2-clientcredentials

go 1.26.0

require (
	golang.org/x/oauth2 v0.38.0
	oauth-gauntlet.example/adapter v0.0.0
)

replace oauth-gauntlet.example/adapter => ../../../harness/oauth_gauntlet/starters/go
