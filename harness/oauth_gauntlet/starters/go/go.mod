module oauth-gauntlet.example/adapter

go 1.24
