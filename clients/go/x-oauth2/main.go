// Drives golang.org/x/oauth2: an oauth2.Config, for the refresh_token and the password grant.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/oauth2"
	"oauth-gauntlet.example/adapter/adapterloop"
)

func main() { adapterloop.Serve(&client{}) }

type client struct {
	given  adapterloop.Config
	config *oauth2.Config
	ctx    context.Context

	login  sync.Mutex
	held   *oauth2.Token
	source oauth2.TokenSource
}

func (c *client) Hello() adapterloop.Hello {
	return adapterloop.Hello{
		Client:      adapterloop.AboutModule("golang.org/x/oauth2", "golang.org/x/oauth2", "https://github.com/golang/oauth2"),
		Grants:      []string{"refresh_token", "password"},
		AuthMethods: []string{"client_secret_basic", "client_secret_post", "none"},
		Parameters:  []string{"scope", "ca_file", "timeout"},
		// No cancel: TokenSource.Token accepts no context; the context of the source is shared by all callers.
		Capabilities: []string{"cache", "auto_refresh", "refresh", "resource", "parallel", "tls", "proxy", "describe"},
	}
}

func (c *client) Configure(given adapterloop.Config) error {
	switch given.GrantType {
	case "refresh_token", "password":
	default:
		return adapterloop.Failure{Kind: adapterloop.ConfigError, Message: "oauth2.Config has no grant_type " + given.GrantType}
	}
	own, err := adapterloop.HTTPClient(given)
	if err != nil {
		return err
	}
	c.given, c.held, c.source = given, nil, nil
	c.ctx = context.Background()
	if own != nil {
		c.ctx = context.WithValue(c.ctx, oauth2.HTTPClient, own)
	}
	c.config = &oauth2.Config{
		ClientID:     given.ClientID,
		ClientSecret: given.ClientSecret,
		Scopes:       strings.Fields(given.Scope),
		Endpoint:     oauth2.Endpoint{TokenURL: given.TokenURL, AuthStyle: style(given.TokenEndpointAuthMethod)},
	}
	if given.GrantType == "refresh_token" {
		c.keep(&oauth2.Token{RefreshToken: given.RefreshToken})
	}
	return nil
}

func style(method string) oauth2.AuthStyle {
	switch method {
	case "client_secret_basic":
		return oauth2.AuthStyleInHeader
	case "client_secret_post", "none":
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleAutoDetect
}

func (c *client) keep(token *oauth2.Token) {
	c.held, c.source = token, c.config.TokenSource(c.ctx, token)
}

// Token implements the application's own TokenSource: it stores the library's token, because the refresh token may be new.
func (c *client) Token() (*oauth2.Token, error) {
	token, err := c.logIn()
	if token == nil && err == nil {
		token, err = c.source.Token()
	}
	if err == nil {
		c.login.Lock()
		c.held = token
		c.login.Unlock()
	}
	return token, err
}

// logIn returns nothing if there is a source. With the password grant the application first logs in once to get a source,
// and the token of that login is its first.
func (c *client) logIn() (*oauth2.Token, error) {
	c.login.Lock()
	defer c.login.Unlock()
	if c.source != nil {
		return nil, nil
	}
	token, err := c.config.PasswordCredentialsToken(c.ctx, c.given.Username, c.given.Password)
	if err == nil {
		c.keep(token)
	}
	return token, err
}

func (c *client) GetToken(context.Context) (adapterloop.Token, error) {
	token, err := c.Token()
	if err != nil {
		return nil, err
	}
	return shown(token), nil
}

func (c *client) Refresh(context.Context) (adapterloop.Token, error) {
	if c.held == nil || c.held.RefreshToken == "" {
		return nil, adapterloop.Failure{Kind: adapterloop.ConfigError, Message: "there is no refresh token"}
	}
	token, err := c.config.TokenSource(c.ctx, &oauth2.Token{RefreshToken: c.held.RefreshToken}).Token()
	if err != nil {
		return nil, err
	}
	c.keep(token)
	return shown(token), nil
}

func (c *client) Request(request *http.Request) (*http.Response, error) {
	return oauth2.NewClient(c.ctx, c).Do(request)
}

func (c *client) Describe() []string {
	return []string{fmt.Sprintf("%v", c.config), fmt.Sprintf("%+v", c.config), fmt.Sprintf("%v", c.held), fmt.Sprintf("%+v", c.held)}
}

func shown(token *oauth2.Token) adapterloop.Token {
	members := map[string]any{
		"access_token":  token.AccessToken,
		"token_type":    token.TokenType,
		"refresh_token": token.RefreshToken,
		"scope":         token.Extra("scope"),
	}
	if !token.Expiry.IsZero() {
		members["expires_at"] = float64(token.Expiry.UnixNano()) / 1e9
	}
	if token.ExpiresIn != 0 {
		members["expires_in"] = float64(token.ExpiresIn)
	}
	return adapterloop.NewToken(members)
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
	case text == "oauth2: token expired and refresh token is not set":
		return adapterloop.Failure{Kind: adapterloop.ConfigError}
	case strings.HasPrefix(text, "oauth2: "):
		return adapterloop.Failure{Kind: adapterloop.Protocol}
	}
	return adapterloop.Failure{Kind: adapterloop.Unexpected}
}
