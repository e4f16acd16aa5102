<?php

declare(strict_types=1);

// An adapter whose client returns a token; the configured client_id selects its members.
require __DIR__ . '/AdapterLoop.php';

final class OddDetails extends Exception
{
    public function __construct()
    {
        $this->message = 5;
    }
}

final class Echoes extends Adapter
{
    private const TOKENS = [
        'numbers' => ['expires_in' => 3600, 'expires_at' => 1800.5, 'scope' => 'a'],
        'odd' => ['expires_in' => ['soon'], 'refresh_token' => 5, 'scope' => ['secret'], 'token_type' => 'Bearer'],
    ];

    private string $behaviour = '';

    public function hello(): array
    {
        return ['client' => ['name' => 'echoes'], 'grants' => [], 'capabilities' => []];
    }

    public function configure(array $config): void
    {
        $this->behaviour = $config['client_id'] ?? '';
    }

    public function kind(Throwable $exception): string
    {
        return $exception instanceof OddDetails ? 'oauth' : 'unexpected';
    }

    public function details(Throwable $exception): array
    {
        return ['oauth_error' => ['a'], 'http_status' => '400', 'retry_after' => NAN, 'message' => 5];
    }

    public function get_token(): array
    {
        match ($this->behaviour) {
            'odd error' => throw new Failure('unexpected', ['error' => 'a']),
            'unreadable error' => throw new Failure('unexpected', NAN),
            'odd details' => throw new OddDetails(),
            default => null,
        };

        return $this->token($this->behaviour === 'nothing' ? null : ['access_token' => 'one'] + self::TOKENS[$this->behaviour]);
    }
}

AdapterLoop::serve(new Echoes());
