package adapterloop

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	protocolVersion = 1
	// The exit code that says that the adapter itself broke, and not the client.
	adapterBroke = 70
	// The calls that get_tokens and requests cancel start this long before the others, and are cancelled this long after the
	// others have started.
	cancelLead = 100 * time.Millisecond
)

type object = map[string]any

type request struct {
	ID   json.RawMessage `json:"id"`
	Op   string          `json:"op"`
	Args struct {
		Instance string     `json:"instance"`
		Config   Config     `json:"config"`
		Count    int        `json:"count"`
		Cancel   int        `json:"cancel"`
		Requests []outgoing `json:"requests"`
		Seconds  float64    `json:"seconds"`
		outgoing
	} `json:"args"`
}

// outgoing is an authorised request of the application.
type outgoing struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    *string           `json:"body"`
}

// call is one call of an application; it returns the answer to it.
type call func(context.Context) (object, error)

// loop answers the requests to one client.
type loop struct {
	client     Client
	configured bool
}

// Serve answers requests until close or the end of stdin. The harness may ask for further clients in this process (capability
// instances): each is a new zero value of the type that client points to.
func Serve(client Client) {
	// stdout is for answers only: what the client prints goes to stderr.
	answers := os.Stdout
	os.Stdout = os.Stderr
	loops := map[string]*loop{"a": {client: client}}
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var asked request
			if err := json.Unmarshal(line, &asked); err != nil {
				fmt.Fprintf(os.Stderr, "adapterloop: a line that is not a request: %v\n", err)
				os.Exit(adapterBroke)
			}
			name := cmp.Or(asked.Args.Instance, "a")
			if loops[name] == nil {
				loops[name] = &loop{client: reflect.New(reflect.TypeOf(client).Elem()).Interface().(Client)}
			}
			answer := loops[name].answer(&asked)
			answer["id"] = asked.ID
			answers.Write(append(encoded(answer), '\n'))
			if asked.Op == "close" {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func encoded(answer object) []byte {
	text, err := json.Marshal(answer)
	if err != nil {
		text, _ = json.Marshal(object{"id": answer["id"], "error": Failure{Kind: Unexpected, Message: err.Error()}})
	}
	return text
}

func (l *loop) answer(asked *request) (answer object) {
	defer func() {
		if panicked := recover(); panicked != nil {
			answer = object{"error": fromPanic(panicked)}
		}
	}()
	ok, err := l.do(asked)
	if err != nil {
		return object{"error": l.explain(err)}
	}
	return object{"ok": ok}
}

func (l *loop) do(asked *request) (any, error) {
	args := &asked.Args
	switch asked.Op {
	case "hello":
		hello := l.client.Hello()
		hello.Capabilities = append(slices.Clone(hello.Capabilities), "instances", "time_zone")
		if clockMoves {
			hello.Capabilities = append(hello.Capabilities, "clock")
		}
		return object{"protocol": protocolVersion, "client": hello.Client, "grants": hello.Grants,
			"token_endpoint_auth_methods": hello.AuthMethods, "parameters": hello.Parameters,
			"capabilities": hello.Capabilities, "catches": true}, nil
	case "close":
		return object{}, nil
	case "now":
		// The short sleep shows that sleeping works while the clock is moved from outside.
		time.Sleep(time.Millisecond)
		_, offset := time.Now().Zone()
		return object{"now": float64(time.Now().UnixNano()) / 1e9, "utc_offset": offset}, nil
	case "configure":
		putClockBack()
		l.configured = false
		if err := l.client.Configure(args.Config); err != nil {
			return nil, err
		}
		l.configured = true
		return object{}, nil
	}
	operation := l.operation(asked)
	if operation == nil {
		return nil, Failure{Kind: Unexpected, Message: fmt.Sprintf("unknown operation %q", asked.Op)}
	}
	if !l.configured {
		return nil, Failure{Kind: ConfigError, Message: "there is no client: configure has not succeeded"}
	}
	return operation()
}

// operation returns the function of an operation that needs a configured client, or nil if the client lacks it.
func (l *loop) operation(asked *request) func() (any, error) {
	args := &asked.Args
	one := func(asked call) func() (any, error) {
		return func() (any, error) { return asked(context.Background()) }
	}
	many := func(calls []call) func() (any, error) {
		return func() (any, error) { return object{"results": l.together(calls, args.Cancel)}, nil }
	}
	switch asked.Op {
	case "get_token":
		return one(token(l.client.GetToken))
	case "get_tokens":
		return many(slices.Repeat([]call{token(l.client.GetToken)}, args.Count))
	case "refresh":
		if client, able := l.client.(Refresher); able {
			return one(token(client.Refresh))
		}
	case "request":
		if client, able := l.client.(Requester); able {
			return one(func(ctx context.Context) (object, error) { return authorised(ctx, client, args.outgoing) })
		}
	case "requests":
		if client, able := l.client.(Requester); able {
			calls := make([]call, len(args.Requests))
			for place, each := range args.Requests {
				calls[place] = func(ctx context.Context) (object, error) {
					got, err := authorised(ctx, client, each)
					return object{"response": got}, err
				}
			}
			return many(calls)
		}
	case "describe":
		if client, able := l.client.(Describer); able {
			return func() (any, error) { return object{"texts": client.Describe()}, nil }
		}
	case "advance_clock":
		if clockMoves {
			return func() (any, error) { moveClock(args.Seconds); return object{}, nil }
		}
	}
	return nil
}

func token(get func(context.Context) (Token, error)) call {
	return func(ctx context.Context) (object, error) {
		got, err := get(ctx)
		return object{"token": got}, err
	}
}

func authorised(ctx context.Context, client Requester, asked outgoing) (object, error) {
	var body io.Reader
	if asked.Body != nil {
		body = strings.NewReader(*asked.Body)
	}
	sent, err := http.NewRequestWithContext(ctx, asked.Method, asked.URL, body)
	if err != nil {
		return nil, err
	}
	for name, value := range asked.Headers {
		sent.Header.Set(name, value)
	}
	response, err := client.Request(sent)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	headers := [][]string{}
	for name, values := range response.Header {
		for _, value := range values {
			headers = append(headers, []string{name, value})
		}
	}
	return object{"status": response.StatusCode, "headers": headers, "body": string(text)}, nil
}

// together makes all calls at the same time; the first `cancel` calls start before the others, and their contexts are cancelled.
func (l *loop) together(calls []call, cancel int) []object {
	results := make([]object, len(calls))
	begin := make(chan struct{})
	var done sync.WaitGroup
	one := func(ctx context.Context, place int) {
		defer done.Done()
		defer func() {
			if panicked := recover(); panicked != nil {
				results[place] = object{"error": fromPanic(panicked)}
			}
		}()
		got, err := calls[place](ctx)
		if err != nil {
			got = object{"error": l.explain(err)}
		}
		results[place] = got
	}
	early, end := context.WithCancel(context.Background())
	defer end()
	done.Add(len(calls))
	for place := range calls {
		if place < cancel {
			go one(early, place)
			continue
		}
		go func() { <-begin; one(context.Background(), place) }()
	}
	if cancel > 0 {
		time.Sleep(cancelLead)
	}
	close(begin)
	if cancel > 0 {
		time.Sleep(cancelLead)
		end()
	}
	done.Wait()
	return results
}

func (l *loop) explain(err error) Failure {
	var failure Failure
	if !errors.As(err, &failure) {
		failure = l.client.Explain(err)
	}
	if failure.Message == "" {
		failure.Message = err.Error()
	}
	if failure.Type == "" {
		failure.Type = fmt.Sprintf("%T", err)
	}
	if !isFinite(failure.RetryAfter) {
		fmt.Fprintln(os.Stderr, "adapterloop: retry_after is not a finite number, and is reported as null")
		failure.RetryAfter = 0
	}
	return failure
}

// fromPanic returns a panic as an error, and writes to stderr where it happened: the goroutine's stack has no message.
func fromPanic(panicked any) Failure {
	fmt.Fprintf(os.Stderr, "adapterloop: panic %T at:\n%s", panicked, debug.Stack())
	return Failure{Kind: Unexpected, Message: fmt.Sprint(panicked), Type: fmt.Sprintf("panic %T", panicked)}
}
