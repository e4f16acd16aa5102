// Drives golang.org/x/oauth2/clientcredentials: a TokenSource of its Config.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"oauth-gauntlet.example/adapter/adapterloop"
)

func main() { adapterloop.Serve(&client{}) }

type client struct {
	config *clientcredentials.Config
	ctx    context.Context
	source oauth2.TokenSource
	held   atomic.Pointer[oauth2.Token]
}

func (c *client) Hello() adapterloop.Hello {
	return adapterloop.Hello{
		Client:      adapterloop.AboutModule("golang.org/x/oauth2/clientcredentials", "golang.org/x/oauth2", "https://github.com/golang/oauth2"),
		Grants:      []string{"client_credentials"},
		AuthMethods: []string{"client_secret_basic", "client_secret_post"},
		Parameters:  []string{"scope", "additional_payload", "ca_file", "timeout"},
		// No cancel: TokenSource.Token accepts no context; the context of the source is shared by all callers.
		Capabilities: []string{"cache", "auto_refresh", "resource", "parallel", "tls", "proxy", "describe"},
	}
}

func (c *client) Configure(given adapterloop.Config) error {
	if given.GrantType != "client_credentials" {
		return adapterloop.Failure{Kind: adapterloop.ConfigError, Message: "clientcredentials.Config has no grant_type " + given.GrantType}
	}
	own, err := adapterloop.HTTPClient(given)
	if err != nil {
		return err
	}
	parameters, err := endpointParams(given.AdditionalPayload)
	if err != nil {
		return err
	}
	c.ctx = context.Background()
	if own != nil {
		c.ctx = context.WithValue(c.ctx, oauth2.HTTPClient, own)
	}
	c.config = &clientcredentials.Config{
		ClientID:       given.ClientID,
		ClientSecret:   given.ClientSecret,
		TokenURL:       given.TokenURL,
		Scopes:         strings.Fields(given.Scope),
		EndpointParams: parameters,
		AuthStyle:      style(given.TokenEndpointAuthMethod),
	}
	c.source = c.config.TokenSource(c.ctx)
	c.held.Store(nil)
	return nil
}

func style(method string) oauth2.AuthStyle {
	switch method {
	case "client_secret_basic":
		return oauth2.AuthStyleInHeader
	case "client_secret_post":
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleAutoDetect
}

// endpointParams converts the payload to the library's own type, which contains only texts.
func endpointParams(payload map[string]any) (url.Values, error) {
	parameters := url.Values{}
	for name, value := range payload {
		text, is := value.(string)
		if !is {
			return nil, adapterloop.Failure{
				Kind:    adapterloop.ConfigError,
				Message: fmt.Sprintf("additional_payload: EndpointParams takes texts; %s is a %T", name, value),
			}
		}
		parameters.Set(name, text)
	}
	return parameters, nil
}

func (c *client) GetToken(context.Context) (adapterloop.Token, error) {
	token, err := c.source.Token()
	if err != nil {
		return nil, err
	}
	c.held.Store(token)
	members := map[string]any{
		"access_token":  token.AccessToken,
		"token_type":    token.TokenType,
		"refresh_token": token.RefreshToken,
		"scope":         token.Extra("scope"),
	}
	if !token.Expiry.IsZero() {
		members["expires_at"] = float64(token.Expiry.UnixNano()) / 1e9
	}
	return adapterloop.NewToken(members), nil
}

func (c *client) Request(request *http.Request) (*http.Response, error) {
	return oauth2.NewClient(c.ctx, c.source).Do(request)
}

func (c *client) Describe() []string {
	held := c.held.Load()
	return []string{fmt.Sprintf("%v", c.config), fmt.Sprintf("%+v", c.config), fmt.Sprintf("%v", held), fmt.Sprintf("%+v", held)}
}

func (c *client) Explain(err error) adapterloop.Failure {
	var answered *oauth2.RetrieveError
	if errors.As(err, &answered) {
		failure := adapterloop.Failure{
			Kind:             adapterloop.Transport,
			HTTPStatus:       answered.Response.StatusCode,
			OAuthError:       answered.ErrorCode,
			OAuthDescription: answered.ErrorDescription,
			OAuthURI:         answered.ErrorURI,
		}
		if answered.ErrorCode != "" {
			failure.Kind = adapterloop.OAuth
		}
		return failure
	}
	if failure, is := adapterloop.HTTPFailure(err); is {
		return failure
	}
	// Other errors have no type; their text begins with the package name.
	switch text := err.Error(); {
	case strings.HasPrefix(text, "oauth2: cannot overwrite parameter "):
		return adapterloop.Failure{Kind: adapterloop.ConfigError}
	case strings.HasPrefix(text, "oauth2: "):
		return adapterloop.Failure{Kind: adapterloop.Protocol}
	}
	return adapterloop.Failure{Kind: adapterloop.Unexpected}
}
