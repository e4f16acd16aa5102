// Drives cloud.google.com/go/auth: its 3LO provider (refresh_token) and its 2LO provider (JWT bearer), both cached.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	"cloud.google.com/go/auth"
	"cloud.google.com/go/auth/httptransport"
	"oauth-gauntlet.example/adapter/adapterloop"
)

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

func main() { adapterloop.Serve(&client{}) }

type client struct {
	provider auth.TokenProvider
	http     *http.Client
	held     atomic.Pointer[auth.Token]
}

func (c *client) Hello() adapterloop.Hello {
	return adapterloop.Hello{
		Client:      adapterloop.AboutModule("cloud.google.com/go/auth", "cloud.google.com/go/auth", "https://github.com/googleapis/google-cloud-go"),
		Grants:      []string{"refresh_token", jwtBearer},
		AuthMethods: []string{"client_secret_basic", "client_secret_post"},
		// No jwt_header: alg and typ are fixed, and only kid of the header can be set, which is not passed on. No
		// private_key_password: it accepts unencrypted keys only. No additional_payload: only the 3LO provider has URLParams.
		Parameters: []string{"scope", "ca_file", "timeout"},
		// No refresh: its providers have no call that renews a token before its expiry.
		Capabilities: []string{"cache", "auto_refresh", "resource", "parallel", "cancel", "tls", "proxy", "describe"},
	}
}

func (c *client) Configure(given adapterloop.Config) error {
	own, err := adapterloop.HTTPClient(given)
	if err != nil {
		return err
	}
	c.provider, c.http = nil, own
	c.held.Store(nil)
	switch given.GrantType {
	case "refresh_token":
		c.provider, err = auth.New3LOTokenProvider(&auth.Options3LO{
			ClientID:     given.ClientID,
			ClientSecret: given.ClientSecret,
			// Required, but not used: there is a refresh token.
			AuthURL:      "https://server.invalid/authorize",
			TokenURL:     given.TokenURL,
			AuthStyle:    style(given.TokenEndpointAuthMethod),
			RefreshToken: given.RefreshToken,
			Scopes:       strings.Fields(given.Scope),
			Client:       own,
		})
	case jwtBearer:
		c.provider, err = auth.New2LOTokenProvider(&auth.Options2LO{
			Email:      given.JWTIssuer,
			PrivateKey: []byte(given.PrivateKey),
			Subject:    given.JWTSubject,
			Audience:   given.JWTAudience,
			TokenURL:   given.TokenURL,
			Scopes:     strings.Fields(given.Scope),
			Client:     own,
		})
		if err == nil {
			c.provider = auth.NewCachedTokenProvider(c.provider, nil)
		}
	default:
		err = errors.New("there is no provider for grant_type " + given.GrantType)
	}
	if err != nil {
		// All errors of the two constructors are about their options.
		return adapterloop.Failure{Kind: adapterloop.ConfigError, Message: err.Error(), Type: fmt.Sprintf("%T", err)}
	}
	return nil
}

// style returns the configured style; without a configured method it is the header, which servers must support (RFC 6749
// section 2.3.1).
func style(method string) auth.Style {
	if method == "client_secret_post" {
		return auth.StyleInParams
	}
	return auth.StyleInHeader
}

func (c *client) GetToken(ctx context.Context) (adapterloop.Token, error) {
	token, err := c.provider.Token(ctx)
	if err != nil {
		return nil, err
	}
	c.held.Store(token)
	members := map[string]any{}
	for name, value := range token.Metadata {
		members[name] = value
	}
	members["access_token"], members["token_type"] = token.Value, token.Type
	if !token.Expiry.IsZero() {
		members["expires_at"] = float64(token.Expiry.UnixNano()) / 1e9
	}
	return adapterloop.NewToken(members), nil
}

func (c *client) Request(request *http.Request) (*http.Response, error) {
	authorised := &http.Client{}
	if c.http != nil {
		*authorised = *c.http
	}
	credentials := auth.NewCredentials(&auth.CredentialsOptions{TokenProvider: c.provider})
	if err := httptransport.AddAuthorizationMiddleware(authorised, credentials); err != nil {
		return nil, err
	}
	return authorised.Do(request)
}

func (c *client) Describe() []string {
	held := c.held.Load()
	return []string{fmt.Sprintf("%v", c.provider), fmt.Sprintf("%+v", c.provider), fmt.Sprintf("%v", held), fmt.Sprintf("%+v", held)}
}

func (c *client) Explain(err error) adapterloop.Failure {
	var answered *auth.Error
	if errors.As(err, &answered) {
		// Code, description and uri are only in the text, as quoted strings.
		failure := adapterloop.Failure{Kind: adapterloop.Transport, HTTPStatus: answered.Response.StatusCode}
		if strings.HasPrefix(answered.Error(), `auth: "`) {
			failure.Kind = adapterloop.OAuth
		}
		return failure
	}
	if failure, is := adapterloop.HTTPFailure(err); is {
		return failure
	}
	// Other errors have no type; their text begins with a name.
	switch text := err.Error(); {
	case strings.HasPrefix(text, "failed to parse private key"), strings.HasPrefix(text, "private key "), strings.HasPrefix(text, "crypto/rsa: "):
		return adapterloop.Failure{Kind: adapterloop.ConfigError}
	case text == "invalid token received", strings.HasPrefix(text, "auth: "), strings.HasPrefix(text, "jwt: "):
		return adapterloop.Failure{Kind: adapterloop.Protocol}
	}
	return adapterloop.Failure{Kind: adapterloop.Unexpected}
}
