package adapterloop

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// HTTPClient returns the client that an application makes for ca_file and timeout, or nil where neither is set and it
// leaves the client to the library.
func HTTPClient(config Config) (*http.Client, error) {
	if config.CAFile == "" && config.Timeout == 0 {
		return nil, nil
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if config.CAFile != "" {
		pem, err := os.ReadFile(config.CAFile)
		if err != nil {
			return nil, Failure{Kind: ConfigError, Message: err.Error()}
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, Failure{Kind: ConfigError, Message: config.CAFile + " holds no certificate"}
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
	return &http.Client{Transport: transport, Timeout: time.Duration(config.Timeout * float64(time.Second))}, nil
}

// HTTPFailure says what an error of net/http means; false where it is none.
func HTTPFailure(err error) (Failure, bool) {
	var trouble *url.Error
	switch isHTTP := errors.As(err, &trouble); {
	case errors.Is(err, context.Canceled):
		return Failure{Kind: Cancelled}, true
	case errors.Is(err, context.DeadlineExceeded), isHTTP && trouble.Timeout():
		return Failure{Kind: Timeout}, true
	case isHTTP && (trouble.Op == "parse" || refusesURL(trouble.Err)):
		return Failure{Kind: ConfigError}, true
	case isHTTP, fromBody(err):
		return Failure{Kind: Transport}, true
	}
	return Failure{}, false
}

// net/http has no error types for a URL that it does not take; these are its texts.
func refusesURL(err error) bool {
	text := err.Error()
	return strings.HasPrefix(text, "unsupported protocol scheme") || text == "http: no Host in request URL"
}

// fromBody says whether it is one of the errors with which reading the body of a response ends.
func fromBody(err error) bool {
	var broken net.Error
	var corrupt flate.CorruptInputError
	for _, known := range []error{io.ErrUnexpectedEOF, gzip.ErrHeader, gzip.ErrChecksum} {
		if errors.Is(err, known) {
			return true
		}
	}
	return errors.As(err, &broken) || errors.As(err, &corrupt)
}
