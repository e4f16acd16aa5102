// Package adapterloop is the adapter protocol for Go clients: requests on stdin, answers on stdout.
//
// Implement Client, and those of Refresher, Requester and Describer that your client supports; declare them in Hello;
// and call Serve at the end of main. The package needs only the standard library.
package adapterloop

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"reflect"
	"time"
)

// Client is what every adapter implements.
type Client interface {
	// Hello returns which client this is, and what it can do.
	Hello() Hello
	// Configure discards all state and creates a new client; it sends nothing.
	Configure(config Config) error
	// GetToken returns the token that an application gets. If the client declares cancel, the call ends with ctx;
	// otherwise it ignores ctx.
	GetToken(ctx context.Context) (Token, error)
	// Explain maps an error of the client to a Failure, by the types and values that its documentation names. The loop
	// fills in an empty message and type. A panic is answered with kind unexpected, without a call of Explain.
	Explain(err error) Failure
}

// Refresher is a client that can exchange its refresh token, whatever the expiry (capability refresh).
type Refresher interface {
	Refresh(ctx context.Context) (Token, error)
}

// Requester is a client that sends authorised requests (capability resource). If the client declares cancel, the call ends
// with the context of the request.
type Requester interface {
	Request(request *http.Request) (*http.Response, error)
}

// Describer is a client with string forms of itself and of its token (capability describe).
type Describer interface {
	Describe() []string
}

// Hello is what an adapter declares. Serve adds the capabilities instances and time_zone, and clock if the adapter is built
// with a clock that moves.
type Hello struct {
	Client       About
	Grants       []string
	AuthMethods  []string
	Parameters   []string
	Capabilities []string
}

// About names the client.
type About struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Language string `json:"language"`
	Runtime  string `json:"runtime"`
	URL      string `json:"url"`
}

// Config is the configuration; a key that is not set is empty.
type Config struct {
	GrantType               string         `json:"grant_type"`
	TokenURL                string         `json:"token_url"`
	Issuer                  string         `json:"issuer"` // in place of TokenURL
	ClientID                string         `json:"client_id"`
	ClientSecret            string         `json:"client_secret"`
	TokenEndpointAuthMethod string         `json:"token_endpoint_auth_method"`
	RefreshToken            string         `json:"refresh_token"`
	Username                string         `json:"username"`
	Password                string         `json:"password"`
	JWTHeader               map[string]any `json:"jwt_header"`
	JWTIssuer               string         `json:"jwt_issuer"`
	JWTSubject              string         `json:"jwt_subject"`
	JWTAudience             string         `json:"jwt_audience"`
	PrivateKey              string         `json:"private_key"`
	PrivateKeyPassword      string         `json:"private_key_password"`
	Scope                   string         `json:"scope"`
	Resource                Texts          `json:"resource"`
	AdditionalPayload       map[string]any `json:"additional_payload"`
	CAFile                  string         `json:"ca_file"`
	AllowHTTP               bool           `json:"allow_http"`
	Timeout                 float64        `json:"timeout"` // seconds
}

// Texts are the texts of a key whose value is one text or several.
type Texts []string

// UnmarshalJSON reads a string, or an array of strings.
func (t *Texts) UnmarshalJSON(encoded []byte) error {
	if json.Unmarshal(encoded, (*[]string)(t)) == nil {
		return nil
	}
	*t = make(Texts, 1)
	return json.Unmarshal(encoded, &(*t)[0])
}

// The kinds of error of the protocol.
const (
	ConfigError = "config"     // the client rejected its configuration or key
	OAuth       = "oauth"      // it reports that the server answered with an OAuth error
	Protocol    = "protocol"   // it could not accept the response
	Transport   = "transport"  // connection, TLS or HTTP
	Timeout     = "timeout"    // the time limit for an exchange passed
	Cancelled   = "cancelled"  // the call was cancelled, as get_tokens asked
	Unexpected  = "unexpected" // anything that is not part of the client's documented API
)

// Failure is an error of the protocol. An adapter may also return one itself.
type Failure struct {
	Kind             string  `json:"kind"`
	Message          string  `json:"message"`
	Type             string  `json:"type"`
	OAuthError       string  `json:"oauth_error,omitempty"`
	OAuthDescription string  `json:"oauth_error_description,omitempty"`
	OAuthURI         string  `json:"oauth_error_uri,omitempty"`
	HTTPStatus       int     `json:"http_status,omitempty"`
	RetryAfter       float64 `json:"retry_after,omitempty"` // seconds
}

// Error returns the message.
func (f Failure) Error() string { return f.Message }

// Token contains the members of a token by their names in the protocol; create it with NewToken.
type Token map[string]any

// The members whose type the protocol defines, other than the access token.
var wanted = map[string]string{
	"token_type": "a text", "refresh_token": "a text", "scope": "a text",
	"expires_in": "a finite number", "expires_at": "a finite number",
}

// NewToken returns the protocol's token for the members that the client returns to its application. Texts and numbers may
// have any of Go's types, or be behind a pointer; a json.Number is a number. A member of a type other than the protocol's is
// left out, with a note on stderr, and goes into extra, unchanged. Nil and empty members are left out, because Go clients use
// them for absent values.
func NewToken(members map[string]any) Token {
	token, extra := Token{"access_token": pointed(members["access_token"])}, map[string]any{}
	for name, given := range members {
		value := pointed(given)
		if value == nil || value == "" || name == "access_token" {
			continue
		}
		if fitting, is := fittingFor(wanted[name], value); is {
			if fitting != "" {
				token[name] = fitting
			}
			continue
		}
		if wanted[name] != "" {
			// The type only: the value may be a token.
			fmt.Fprintf(os.Stderr, "adapterloop: %s is a %T, not %s, and is reported as null\n", name, value, wanted[name])
		}
		// What cannot be encoded again is left out: the client has accepted it, and only that matters.
		if depth(value) < deepest {
			if _, err := json.Marshal(value); err == nil {
				extra[name] = value
			}
		}
	}
	token["extra"] = extra
	return token
}

// fittingFor returns the value as what the protocol wants, and whether it is one.
func fittingFor(what string, value any) (any, bool) {
	switch what {
	case "a finite number":
		number, is := asNumber(value)
		return number, is && isFinite(number)
	case "a text":
		if _, number := value.(json.Number); reflect.ValueOf(value).Kind() == reflect.String && !number {
			return reflect.ValueOf(value).String(), true
		}
	}
	return nil, false
}

// pointed returns what a pointer to a text or a number points to, and any other value unchanged.
func pointed(value any) any {
	reflected := reflect.ValueOf(value)
	for reflected.Kind() == reflect.Pointer {
		if reflected.IsNil() {
			return nil
		}
		reflected = reflected.Elem()
		if kind := reflected.Kind(); kind == reflect.String || kind == reflect.Bool || isNumeric(reflected) {
			return reflected.Interface()
		}
	}
	return value
}

func isNumeric(value reflect.Value) bool {
	return value.CanInt() || value.CanUint() || value.CanFloat()
}

func isFinite(number float64) bool { return !math.IsInf(number, 0) && !math.IsNaN(number) }

// asNumber returns the value of any integer, unsigned or floating-point type, also of a defined type, and of a json.Number; a
// time.Duration in seconds.
func asNumber(value any) (float64, bool) {
	switch typed := value.(type) {
	case time.Duration:
		return typed.Seconds(), true
	case json.Number:
		number, err := typed.Float64()
		return number, err == nil
	}
	switch reflected := reflect.ValueOf(value); {
	case reflected.CanInt():
		return float64(reflected.Int()), true
	case reflected.CanUint():
		return float64(reflected.Uint()), true
	case reflected.CanFloat():
		return reflected.Float(), true
	}
	return 0, false
}

const deepest = 100

func depth(value any) int {
	below := 0
	switch typed := value.(type) {
	case map[string]any:
		for _, each := range typed {
			below = max(below, depth(each))
		}
	case []any:
		for _, each := range typed {
			below = max(below, depth(each))
		}
	}
	return below + 1
}
