// Drives github.com/zitadel/oidc: the relying party without OpenID Connect (rp), and its JWT profile.
package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/zitadel/oidc/v3/pkg/client"
	"github.com/zitadel/oidc/v3/pkg/client/rp"
	"github.com/zitadel/oidc/v3/pkg/crypto"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"golang.org/x/oauth2"
	"oauth-gauntlet.example/adapter/adapterloop"
)

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

func main() { adapterloop.Serve(&driven{}) }

type driven struct {
	given  adapterloop.Config
	create func(context.Context) (rp.RelyingParty, error)

	// The library stores no token: like an application, the adapter stores what the next refresh needs.
	lock  sync.Mutex
	held  *oauth2.Token
	party rp.RelyingParty
}

func (d *driven) Hello() adapterloop.Hello {
	return adapterloop.Hello{
		Client:      adapterloop.AboutModule("github.com/zitadel/oidc", "github.com/zitadel/oidc/v3", "https://github.com/zitadel/oidc"),
		Grants:      []string{"refresh_token", "client_credentials", jwtBearer},
		AuthMethods: []string{"client_secret_basic", "client_secret_post"},
		// No additional_payload: only client credentials accept more parameters. No jwt_header: of the header only
		// kid can be set, which is not passed on. No private_key_password: it accepts unencrypted keys only.
		Parameters: []string{"scope", "ca_file", "timeout", "issuer"},
		// No resource: it sends requests with a token only to the endpoints of OpenID Connect.
		Capabilities: []string{"refresh", "parallel", "cancel", "tls", "proxy", "describe"},
	}
}

func (d *driven) Configure(given adapterloop.Config) error {
	switch given.GrantType {
	case "refresh_token", "client_credentials", jwtBearer:
	default:
		return adapterloop.Failure{Kind: adapterloop.ConfigError, Message: "there is no function for grant_type " + given.GrantType}
	}
	own, err := adapterloop.HTTPClient(given)
	if err != nil {
		return err
	}
	var options []rp.Option
	if own != nil {
		options = append(options, rp.WithHTTPClient(own))
	}
	switch given.TokenEndpointAuthMethod {
	case "client_secret_basic":
		options = append(options, rp.WithAuthStyle(oauth2.AuthStyleInHeader))
	case "client_secret_post":
		options = append(options, rp.WithAuthStyle(oauth2.AuthStyleInParams))
	}
	d.given, d.held, d.party = given, &oauth2.Token{RefreshToken: given.RefreshToken}, nil
	scopes := strings.Fields(given.Scope)
	if given.Issuer != "" {
		// An application has no redirect URI for these grants.
		d.create = func(ctx context.Context) (rp.RelyingParty, error) {
			return rp.NewRelyingPartyOIDC(ctx, given.Issuer, given.ClientID, given.ClientSecret, "", scopes, options...)
		}
		return nil
	}
	d.party, err = rp.NewRelyingPartyOAuth(&oauth2.Config{
		ClientID:     given.ClientID,
		ClientSecret: given.ClientSecret,
		Endpoint:     oauth2.Endpoint{TokenURL: given.TokenURL},
		Scopes:       scopes,
	}, options...)
	return err
}

// relyingParty returns the relying party. With an issuer an application creates it when it starts, which sends a request; if
// that fails, it tries again.
func (d *driven) relyingParty(ctx context.Context) (rp.RelyingParty, error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.party == nil {
		created, err := d.create(ctx)
		if err != nil {
			return nil, err
		}
		d.party = created
	}
	return d.party, nil
}

func (d *driven) GetToken(ctx context.Context) (adapterloop.Token, error) {
	party, err := d.relyingParty(ctx)
	if err != nil {
		return nil, err
	}
	switch d.given.GrantType {
	case "client_credentials":
		return d.kept(rp.ClientCredentials(ctx, party, nil))
	case jwtBearer:
		return d.kept(d.exchangeAssertion(ctx, party))
	}
	return d.Refresh(ctx)
}

func (d *driven) exchangeAssertion(ctx context.Context, party rp.RelyingParty) (*oauth2.Token, error) {
	var audience []string
	if d.given.JWTAudience != "" {
		audience = append(audience, d.given.JWTAudience)
	}
	// The subject is the issuer, unless an option overrides it.
	var options []oidc.AssertionOption
	if d.given.JWTSubject != "" {
		options = append(options, oidc.JWTProfileDelegatedSubject(d.given.JWTSubject))
	}
	key := []byte(d.given.PrivateKey)
	assertion, err := oidc.GenerateJWTProfileToken(oidc.NewJWTProfileAssertion(d.given.JWTIssuer, "", audience, key, options...))
	if err != nil {
		return nil, err
	}
	return client.JWTProfileExchange(ctx, oidc.NewJWTProfileGrantRequest(assertion, strings.Fields(d.given.Scope)...), endpoint{party})
}

// endpoint tells the library, in the form that it requires, where to send an assertion.
type endpoint struct{ rp.RelyingParty }

func (e endpoint) TokenEndpoint() string { return e.OAuthConfig().Endpoint.TokenURL }

func (d *driven) Refresh(ctx context.Context) (adapterloop.Token, error) {
	d.lock.Lock()
	held := d.held.RefreshToken
	d.lock.Unlock()
	if held == "" {
		return nil, adapterloop.Failure{Kind: adapterloop.ConfigError, Message: "there is no refresh token"}
	}
	party, err := d.relyingParty(ctx)
	if err != nil {
		return nil, err
	}
	tokens, err := rp.RefreshTokens[*oidc.IDTokenClaims](ctx, party, held, "", "")
	if err != nil {
		return nil, err
	}
	return d.kept(tokens.Token, nil)
}

// kept stores the token, with the earlier refresh token if there is no new one, as RefreshTokens documents.
func (d *driven) kept(token *oauth2.Token, err error) (adapterloop.Token, error) {
	if err != nil {
		return nil, err
	}
	d.lock.Lock()
	defer d.lock.Unlock()
	before := d.held.RefreshToken
	d.held = token
	if token.RefreshToken == "" {
		d.held = &oauth2.Token{AccessToken: token.AccessToken, RefreshToken: before}
	}
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

func (d *driven) Describe() []string {
	return []string{fmt.Sprintf("%v", d.party), fmt.Sprintf("%+v", d.party), fmt.Sprintf("%v", d.held), fmt.Sprintf("%+v", d.held)}
}

func (d *driven) Explain(err error) adapterloop.Failure {
	// Client credentials use golang.org/x/oauth2 and return its errors; all other calls return the library's own.
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
	var refused *oidc.Error
	if errors.As(err, &refused) {
		return adapterloop.Failure{Kind: adapterloop.OAuth, OAuthError: string(refused.ErrorType), OAuthDescription: refused.Description}
	}
	if failure, is := adapterloop.HTTPFailure(err); is {
		return failure
	}
	if errors.Is(err, oidc.ErrIssuerInvalid) {
		return adapterloop.Failure{Kind: adapterloop.Protocol}
	}
	for _, aboutKey := range []error{crypto.ErrPEMDecode, crypto.ErrUnsupportedFormat, crypto.ErrUnsupportedPrivateKey} {
		if errors.Is(err, aboutKey) {
			return adapterloop.Failure{Kind: adapterloop.ConfigError}
		}
	}
	text := strings.TrimPrefix(err.Error(), oidc.ErrDiscoveryFailed.Error()+"\n")
	for beginning, kind := range map[string]string{
		"http status not ok: ":           adapterloop.Transport,
		"unable to read response body: ": adapterloop.Transport,
		"failed to unmarshal ":           adapterloop.Protocol,
		"oauth2: ":                       adapterloop.Protocol,
		"crypto/rsa: ":                   adapterloop.ConfigError,
	} {
		if strings.HasPrefix(text, beginning) {
			return adapterloop.Failure{Kind: kind}
		}
	}
	return adapterloop.Failure{Kind: adapterloop.Unexpected}
}
