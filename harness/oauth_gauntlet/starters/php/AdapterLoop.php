<?php

declare(strict_types=1);

// The adapter protocol for PHP clients: requests on stdin, answers on stdout. Keep it next to your adapter.
//
// Extend Adapter, define what the client can do, and call AdapterLoop::serve(new YourAdapter()) at the end of your program.

/** An error of kind `$kind`, for what is reported without an exception of the client. */
final class Failure extends Exception
{
    public function __construct(public readonly string $kind, mixed $message)
    {
        // A message from what a server sent may be of any type.
        parent::__construct(is_string($message) ? $message : (string) json_encode($message, JSON_PARTIAL_OUTPUT_ON_ERROR));
    }
}

/**
 * The operations of the protocol. In addition to the three mandatory ones, define what your client can do, and declare it:
 *
 *     refresh(): array                                   the new token, converted by `token`
 *     request(string $method, string $url, array $headers, ?string $body): array
 *                                                        ["status" => ..., "headers" => [[name, value], ...], "body" => ...]
 *     advance_clock(float $seconds): void
 *     describe(): array                                  the client's own string forms
 *
 * The harness may ask for further clients in this process (capability instances): for each the loop creates an object of
 * your class, without arguments. The loop declares it, and time_zone.
 *
 * Do not catch the client's exceptions. There is neither get_tokens nor requests: a PHP program serves one caller at a time.
 */
abstract class Adapter
{
    /** Return the members client, grants, token_endpoint_auth_methods, parameters, capabilities. */
    abstract public function hello(): array;

    /** Discard all state and create a new client; send nothing. */
    abstract public function configure(array $config): void;

    /** Return the client's token, converted by `token`. */
    abstract public function get_token(): array;

    /** Return the kind of an exception that the client documents; unexpected for all others. */
    public function kind(Throwable $exception): string
    {
        return 'unexpected';
    }

    /** Return further members of the error from the exception: oauth_error, http_status, ... */
    public function details(Throwable $exception): array
    {
        return [];
    }

    /**
     * Return the protocol's token for the members that the client returns to its application. A member of a type other
     * than the protocol's, also a number that is a string, becomes null, with a note on stderr, and goes into extra, unchanged. A
     * client that returns null in place of a token has handed out a token without members.
     */
    protected function token(?array $members): array
    {
        $members ??= [];
        $fits = array_fill_keys(['token_type', 'refresh_token', 'scope'], 'is_string')
            + array_fill_keys(['expires_in', 'expires_at'], fn ($value) => is_int($value) || (is_float($value) && is_finite($value)));
        $token = ['access_token' => $members['access_token'] ?? null] + array_fill_keys(array_keys($fits), null);
        $extra = [];
        foreach ($members as $name => $value) {
            if ($name === 'access_token' || $value === null) {
                continue;
            }
            if (isset($fits[$name]) && $fits[$name]($value)) {
                $token[$name] = $value;
                continue;
            }
            $extra[$name] = $value;
            if (isset($fits[$name])) {
                // The type only: the value may be a token.
                $wanted = str_starts_with($name, 'expires_') ? 'a finite number' : 'a text';
                fwrite(STDERR, "AdapterLoop: $name is a " . get_debug_type($value) . ", not $wanted, and is reported as null\n");
            }
        }

        return $token + ['extra' => (object) $extra];
    }
}

final class AdapterLoop
{
    private const OPERATIONS = ['get_token', 'refresh', 'request', 'advance_clock', 'describe'];
    private const ERROR = [
        'oauth_error' => null, 'oauth_error_description' => null, 'oauth_error_uri' => null, 'http_status' => null,
        'retry_after' => null,
    ];
    private const DEPTH = 100_000;
    /** The exit code that says that the adapter itself broke, and not the client. */
    private const ADAPTER_BROKE = 70;

    private bool $configured = false;

    private function __construct(private readonly Adapter $adapter)
    {
    }

    /** Answer requests until close or the end of stdin. */
    public static function serve(Adapter $adapter): void
    {
        try {
            self::answerAll($adapter);
        } catch (Throwable $exception) {
            fwrite(STDERR, "AdapterLoop: $exception\n");
            exit(self::ADAPTER_BROKE);
        }
    }

    private static function answerAll(Adapter $adapter): void
    {
        // stdout is for answers only: what the client prints goes to stderr.
        ini_set('display_errors', 'stderr');
        self::takeTimeZone((string) getenv('TZ'));
        ob_start(fn (string $printed) => fwrite(STDERR, $printed) === false ? '' : '', 1);
        $loops = ['a' => new self($adapter)];
        while (($line = fgets(STDIN)) !== false) {
            $asked = json_decode($line, true, self::DEPTH, JSON_THROW_ON_ERROR);
            $args = $asked['args'] ?? [];
            $loop = $loops[$args['instance'] ?? 'a'] ??= new self(new ($adapter::class)());
            $answer = ['id' => $asked['id']] + $loop->answer($asked['op'], $args);
            fwrite(STDOUT, self::encoded($answer) . "\n");
            if ($asked['op'] === 'close') {
                return;
            }
        }
    }

    /** Set the time zone, as date.timezone of a php.ini would: PHP does not read TZ. It knows zones by name only. */
    private static function takeTimeZone(string $name): void
    {
        if (in_array($name, DateTimeZone::listIdentifiers(DateTimeZone::ALL_WITH_BC), true)) {
            date_default_timezone_set($name);
        }
    }

    private static function encoded(array $answer): string
    {
        $flags = JSON_INVALID_UTF8_SUBSTITUTE | JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR;
        try {
            return json_encode($answer, $flags, self::DEPTH);
        } catch (JsonException $exception) {
            if (!isset($answer['ok']['token'])) {
                throw $exception;
            }
            // What cannot be encoded again is left out: the client has accepted it, and only that matters.
            $answer['ok']['token']['extra'] = new stdClass();

            return json_encode($answer, $flags, self::DEPTH);
        }
    }

    private function answer(string $operation, array $args): array
    {
        try {
            return ['ok' => $this->perform($operation, $args)];
        } catch (Throwable $exception) {
            return ['error' => $this->error($exception)];
        }
    }

    private function perform(string $operation, array $args): array|object
    {
        switch ($operation) {
            case 'hello':
                $hello = $this->adapter->hello();

                return ['protocol' => 1, 'catches' => true, 'capabilities' => [...$hello['capabilities'] ?? [], 'instances', 'time_zone']] + $hello;
            case 'close':
                return new stdClass();
            case 'now':
                // The short sleep shows that sleeping works while the clock is moved from outside.
                usleep(1000);

                return ['now' => microtime(true), 'utc_offset' => (int) date('Z')];
            case 'configure':
                $this->configured = false;
                $this->adapter->configure($args['config']);
                $this->configured = true;

                return new stdClass();
        }
        if (!in_array($operation, self::OPERATIONS, true) || !method_exists($this->adapter, $operation)) {
            throw new Failure('unexpected', "unknown operation $operation");
        }
        if (!$this->configured) {
            throw new Failure('config', 'there is no client: configure has not succeeded');
        }

        return match ($operation) {
            'get_token', 'refresh' => ['token' => $this->adapter->$operation()],
            'request' => $this->adapter->request($args['method'], $args['url'], $args['headers'], $args['body']),
            'advance_clock' => $this->adapter->advance_clock($args['seconds']) ?? new stdClass(),
            'describe' => ['texts' => $this->adapter->describe()],
        };
    }

    private function error(Throwable $exception): array
    {
        if ($exception instanceof Failure) {
            return ['kind' => $exception->kind, 'message' => $exception->getMessage(), 'type' => ''] + self::ERROR;
        }
        // The message of the exception and of its causes, as PHP prints them.
        $message = $exception->getMessage();
        for ($cause = $exception->getPrevious(); $cause !== null; $cause = $cause->getPrevious()) {
            $message .= ': ' . $cause->getMessage();
        }

        $kind = $this->adapter->kind($exception);
        if ($kind === 'unexpected') {
            self::sayWhere($exception);
        }

        return ['kind' => $kind, 'message' => $message, 'type' => $exception::class]
            + self::fitting($this->adapter->details($exception)) + self::ERROR;
    }

    /** Write to stderr where an exception was thrown, without its message and arguments, which may contain secrets. */
    private static function sayWhere(Throwable $exception): void
    {
        $lines = ["{$exception->getFile()}:{$exception->getLine()}"];
        foreach (array_slice($exception->getTrace(), 0, 11) as $frame) {
            $lines[] = ($frame['file'] ?? '') . ':' . ($frame['line'] ?? '') . " {$frame['function']}";
        }
        fwrite(STDERR, 'AdapterLoop: ' . $exception::class . ", thrown here (the last call is first):\n" . implode("\n", $lines) . "\n");
    }

    /** Return the details with null in place of values of another type than the protocol's; stderr names these. */
    private static function fitting(array $details): array
    {
        $number = fn ($value) => is_int($value) || (is_float($value) && is_finite($value));
        $fits = ['http_status' => 'is_int', 'retry_after' => $number]
            + array_fill_keys(['oauth_error', 'oauth_error_description', 'oauth_error_uri'], 'is_string');
        foreach ($details as $name => $value) {
            if ($value !== null && isset($fits[$name]) && !$fits[$name]($value)) {
                fwrite(STDERR, "AdapterLoop: $name is a " . get_debug_type($value) . ", and is reported as null\n");
                $details[$name] = null;
            }
        }

        return $details;
    }
}
