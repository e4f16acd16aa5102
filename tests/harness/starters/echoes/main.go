// An adapter whose client answers an authorised request with what it was asked. The configured client_id selects the members
// of its token.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"sync"

	"oauth-gauntlet.example/adapter/adapterloop"
)

func main() { adapterloop.Serve(&echoes{}) }

var errFails = errors.New("fails")

// unreadable is an error whose text cannot be read.
type unreadable struct{ text *string }

func (u unreadable) Error() string { return *u.text }

type echoes struct {
	met       *sync.WaitGroup
	behaviour string
}

func (c *echoes) Hello() adapterloop.Hello {
	return adapterloop.Hello{Client: adapterloop.About{Name: "echoes"}, Capabilities: []string{"resource", "parallel", "cancel"}}
}

func (c *echoes) Configure(config adapterloop.Config) error {
	c.behaviour = config.ClientID
	c.met = &sync.WaitGroup{}
	c.met.Add(3)
	return nil
}

func (c *echoes) GetToken(context.Context) (adapterloop.Token, error) {
	switch c.behaviour {
	case "odd error":
		return nil, adapterloop.Failure{Kind: adapterloop.Unexpected, Message: "\xff"}
	case "unreadable error":
		return nil, unreadable{}
	case "odd details":
		return nil, adapterloop.Failure{Kind: adapterloop.OAuth, Message: "refused", RetryAfter: math.Inf(1)}
	}
	members := map[string]map[string]any{
		"numbers": {"expires_in": 3600, "expires_at": json.Number("1800.5"), "scope": "a"},
		"odd":     {"expires_in": []string{"soon"}, "refresh_token": 5, "scope": []string{"secret"}, "token_type": "Bearer"},
	}[c.behaviour]
	members["access_token"] = "one"
	return adapterloop.NewToken(members), nil
}

func (c *echoes) Request(request *http.Request) (*http.Response, error) {
	switch request.URL.String() {
	case "meets":
		c.met.Done()
		c.met.Wait()
	case "waits":
		<-request.Context().Done()
		return nil, request.Context().Err()
	}
	body := []byte("null")
	if request.Body != nil {
		body, _ = io.ReadAll(request.Body)
	}
	if request.URL.String() == "fails" {
		return nil, fmt.Errorf("%w: %s", errFails, body)
	}
	text := fmt.Sprintf("%s %s %s", request.Method, request.URL, body)
	return &http.Response{StatusCode: 200, Header: request.Header, Body: io.NopCloser(strings.NewReader(text))}, nil
}

func (c *echoes) Explain(err error) adapterloop.Failure {
	if failure, is := adapterloop.HTTPFailure(err); is {
		return failure
	}
	return adapterloop.Failure{Kind: adapterloop.Protocol}
}
