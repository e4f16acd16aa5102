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

// HTTPClient returns the HTTP client that an application creates for ca_file and timeout. It returns nil if neither is
// set: the application then uses the default of the library.
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
			return nil, Failure{Kind: ConfigError, Message: config.CAFile + " contains no certificate"}
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
	return &http.Client{Transport: transport, Timeout: time.Duration(config.Timeout * float64(time.Second))}, nil
}

// HTTPFailure maps an error of net/http to a Failure; it returns false for any other error.
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

// net/http has no error types for a URL that it rejects; these are its texts.
func refusesURL(err error) bool {
	text := err.Error()
	return strings.HasPrefix(text, "unsupported protocol scheme") || text == "http: no Host in request URL"
}

// fromBody reports whether an error is one that reading the body of a response can return.
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
