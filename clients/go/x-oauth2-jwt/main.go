// Drives golang.org/x/oauth2/jwt: a TokenSource of its Config, for the JWT bearer grant.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/jwt"
	"oauth-gauntlet.example/adapter/adapterloop"
)

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

func main() { adapterloop.Serve(&client{}) }

type client struct {
	config *jwt.Config
	ctx    context.Context
	source oauth2.TokenSource
	held   atomic.Pointer[oauth2.Token]
}

func (c *client) Hello() adapterloop.Hello {
	return adapterloop.Hello{
		Client: adapterloop.AboutModule("golang.org/x/oauth2/jwt", "golang.org/x/oauth2", "https://github.com/golang/oauth2"),
		Grants: []string{jwtBearer},
		// No jwt_header: alg and typ are fixed, and only kid of the header can be set, which is not passed on. No
		// private_key_password: it accepts unencrypted keys only.
		Parameters: []string{"scope", "ca_file", "timeout"},
		// No cancel: TokenSource.Token accepts no context, and the library does not use the context of the source for its request.
		Capabilities: []string{"cache", "auto_refresh", "resource", "parallel", "tls", "proxy", "describe"},
	}
}

func (c *client) Configure(given adapterloop.Config) error {
	if given.GrantType != jwtBearer {
		return adapterloop.Failure{Kind: adapterloop.ConfigError, Message: "jwt.Config has no grant_type " + given.GrantType}
	}
	own, err := adapterloop.HTTPClient(given)
	if err != nil {
		return err
	}
	c.ctx = context.Background()
	if own != nil {
		c.ctx = context.WithValue(c.ctx, oauth2.HTTPClient, own)
	}
	c.config = &jwt.Config{
		Email:      given.JWTIssuer,
		Subject:    given.JWTSubject,
		Audience:   given.JWTAudience,
		PrivateKey: []byte(given.PrivateKey),
		Scopes:     strings.Fields(given.Scope),
		TokenURL:   given.TokenURL,
	}
	c.source = c.config.TokenSource(c.ctx)
	c.held.Store(nil)
	return nil
}

func (c *client) GetToken(context.Context) (adapterloop.Token, error) {
	token, err := c.source.Token()
	if err != nil {
		return nil, err
	}
	c.held.Store(token)
	members := map[string]any{
		"access_token": token.AccessToken,
		"token_type":   token.TokenType,
		"scope":        token.Extra("scope"),
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
		// This package does not parse the error document: its members are in the text, with the body.
		return adapterloop.Failure{Kind: adapterloop.Transport, HTTPStatus: answered.Response.StatusCode}
	}
	if failure, is := adapterloop.HTTPFailure(err); is {
		return failure
	}
	// Other errors have no type; their text begins with a name.
	switch text := err.Error(); {
	case strings.HasPrefix(text, "private key "), strings.HasPrefix(text, "crypto/rsa: "):
		return adapterloop.Failure{Kind: adapterloop.ConfigError}
	case strings.HasPrefix(text, "oauth2: "), strings.HasPrefix(text, "jws: "):
		return adapterloop.Failure{Kind: adapterloop.Protocol}
	}
	return adapterloop.Failure{Kind: adapterloop.Unexpected}
}
