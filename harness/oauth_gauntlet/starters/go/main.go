// An adapter to complete: it drives YOUR CLIENT for oauth-gauntlet. Complete everything that is marked FILL IN.
//
//	go build -o adapter . && oauth-gauntlet adapter check cmd:./adapter
package main

import (
	"context"
	"runtime"

	"oauth-gauntlet.example/adapter/adapterloop"
)

func main() { adapterloop.Serve(&client{}) }

// FILL IN: the state of your client, and what an application stores for it.
type client struct {
	config adapterloop.Config
}

func (c *client) Hello() adapterloop.Hello {
	return adapterloop.Hello{
		Client: adapterloop.About{
			Name:     "FILL IN: the client's name",
			Version:  "",
			Language: "go",
			Runtime:  runtime.Version(),
			URL:      "",
		},
		// FILL IN: what its public API does, and nothing else: scenarios judge only what is declared.
		// docs/adapter-protocol.md lists the names.
		Grants:       []string{"client_credentials"},
		AuthMethods:  []string{},
		Parameters:   []string{},
		Capabilities: []string{},
	}
}

func (c *client) Configure(config adapterloop.Config) error {
	// FILL IN: create your client from config, as an application would; send nothing yet.
	c.config = config
	return nil
}

func (c *client) GetToken(ctx context.Context) (adapterloop.Token, error) {
	// FILL IN: the call that an application makes when it needs a token. Return
	// adapterloop.NewToken(map[string]any{"access_token": ..., "token_type": ..., ...}), or the client's error unchanged.
	return nil, adapterloop.Failure{Kind: adapterloop.Unexpected, Message: "fill in GetToken in main.go"}
}

func (c *client) Explain(err error) adapterloop.Failure {
	// FILL IN: the errors that your client documents, each with its kind; all others are unexpected.
	// A call that returns an error documents that it fails: adapterloop.Protocol for one of a parser, such as *json.SyntaxError.
	if failure, is := adapterloop.HTTPFailure(err); is {
		return failure
	}
	return adapterloop.Failure{Kind: adapterloop.Unexpected}
}

// FILL IN, if your client can do it and Hello declares it:
//
//	func (c *client) Refresh(ctx context.Context) (adapterloop.Token, error)        // capability refresh
//	func (c *client) Request(request *http.Request) (*http.Response, error)         // capability resource
//	func (c *client) Describe() []string                                            // capability describe
