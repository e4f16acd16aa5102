<?php

declare(strict_types=1);

// The adapter protocol for PHP clients: requests on stdin, answers on stdout. Keep it next to your adapter.
//
// Extend Adapter, define what the client can do, and call AdapterLoop::serve(new YourAdapter()) at the end of your program.

/** An error of kind `$kind`, for what is reported without an exception of the client. */
final class Failure extends Exception
{
    public function __construct(public readonly string $kind, string $message)
    {
        parent::__construct($message);
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
 * your class, without arguments.
 *
 * Do not catch the client's exceptions. There is no get_tokens: a PHP program serves one caller at a time.
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
     * than the protocol's goes into extra, unchanged.
     */
    protected function token(array $members): array
    {
        $fits = array_fill_keys(['token_type', 'refresh_token', 'scope'], 'is_string')
            + array_fill_keys(['expires_in', 'expires_at'], fn ($value) => is_int($value) || (is_float($value) && is_finite($value)));
        $token = ['access_token' => $members['access_token'] ?? null] + array_fill_keys(array_keys($fits), null);
        $extra = [];
        foreach ($members as $name => $value) {
            if ($name === 'access_token' || $value === null) {
                continue;
            }
            isset($fits[$name]) && $fits[$name]($value) ? $token[$name] = $value : $extra[$name] = $value;
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

    private bool $configured = false;

    private function __construct(private readonly Adapter $adapter)
    {
    }

    /** Answer requests until close or the end of stdin. */
    public static function serve(Adapter $adapter): void
    {
        // stdout is for answers only: what the client prints goes to stderr.
        ini_set('display_errors', 'stderr');
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

                return ['protocol' => 1, 'capabilities' => [...$hello['capabilities'] ?? [], 'instances']] + $hello;
            case 'close':
                return new stdClass();
            case 'now':
                // The short sleep shows that sleeping works while the clock is moved from outside.
                usleep(1000);

                return ['now' => microtime(true)];
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

        return ['kind' => $this->adapter->kind($exception), 'message' => $message, 'type' => $exception::class]
            + $this->adapter->details($exception) + self::ERROR;
    }
}
