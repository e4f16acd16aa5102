<?php

declare(strict_types=1);

// The adapter protocol for PHP clients: requests on stdin, answers on stdout. Keep it beside your adapter.
//
// Extend Adapter, define what the client can do, and end your program with AdapterLoop::serve(new YourAdapter()).

/** An answer of kind `$kind`, for what is said without an exception of the client. */
final class Failure extends Exception
{
    public function __construct(public readonly string $kind, string $message)
    {
        parent::__construct($message);
    }
}

/**
 * The operations of the protocol. Beside the three that every client has, define what yours can do, and declare it:
 *
 *     refresh(): array                                   what `token` makes of it
 *     request(string $method, string $url, array $headers, ?string $body): array
 *                                                        ["status" => ..., "headers" => [[name, value], ...], "body" => ...]
 *     advance_clock(float $seconds): void
 *     describe(): array                                  the client's own string forms
 *
 * Let the client's own exceptions pass. There is no get_tokens: a PHP program serves one caller at a time.
 */
abstract class Adapter
{
    /** The members client, grants, token_endpoint_auth_methods, parameters, capabilities. */
    abstract public function hello(): array;

    /** Forget everything and build the client anew; send nothing. */
    abstract public function configure(array $config): void;

    /** Return what `token` makes of the client's token. */
    abstract public function get_token(): array;

    /** The kind of an exception that the client documents; everything else is unexpected. */
    public function kind(Throwable $exception): string
    {
        return 'unexpected';
    }

    /** The further members of an error that the exception carries: oauth_error, http_status, ... */
    public function details(Throwable $exception): array
    {
        return [];
    }

    /**
     * The protocol's token for the members that the client hands its application. A member for which the protocol has
     * another type stands in extra, as the client gave it.
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
        // stdout carries answers only: whatever the client prints goes to stderr.
        ini_set('display_errors', 'stderr');
        ob_start(fn (string $printed) => fwrite(STDERR, $printed) === false ? '' : '', 1);
        $loop = new self($adapter);
        while (($line = fgets(STDIN)) !== false) {
            $asked = json_decode($line, true, self::DEPTH, JSON_THROW_ON_ERROR);
            $answer = ['id' => $asked['id']] + $loop->answer($asked['op'], $asked['args'] ?? []);
            fwrite(STDOUT, self::spelled($answer) . "\n");
            if ($asked['op'] === 'close') {
                return;
            }
        }
    }

    private static function spelled(array $answer): string
    {
        $flags = JSON_INVALID_UTF8_SUBSTITUTE | JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR;
        try {
            return json_encode($answer, $flags, self::DEPTH);
        } catch (JsonException $exception) {
            if (!isset($answer['ok']['token'])) {
                throw $exception;
            }
            // What cannot be spelled again stays out: the client has taken it, and that is what counts.
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
                return ['protocol' => 1] + $this->adapter->hello();
            case 'close':
                return new stdClass();
            case 'now':
                // The moment of sleep shows that sleeping works under a clock that is moved from outside.
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
        // An exception and what it stems from, as PHP itself prints it.
        $message = $exception->getMessage();
        for ($cause = $exception->getPrevious(); $cause !== null; $cause = $cause->getPrevious()) {
            $message .= ': ' . $cause->getMessage();
        }

        return ['kind' => $this->adapter->kind($exception), 'message' => $message, 'type' => $exception::class]
            + $this->adapter->details($exception) + self::ERROR;
    }
}
