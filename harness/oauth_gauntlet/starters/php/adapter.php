<?php

declare(strict_types=1);

// An adapter to complete: at each "fill in", call your client as its documentation shows, and do nothing else.
// It runs unchanged; `oauth-gauntlet adapter check "cmd:php adapter.php"` reports what is missing.
require __DIR__ . '/AdapterLoop.php';

final class MyAdapter extends Adapter
{
    private array $config;

    // Scenarios judge only what is declared here; docs/adapter-protocol.md lists the names.
    public function hello(): array
    {
        return [
            'client' => ['name' => 'fill in', 'version' => '', 'language' => 'php', 'runtime' => 'php ' . PHP_VERSION, 'url' => ''],
            'grants' => ['client_credentials'],
            'token_endpoint_auth_methods' => [],
            'parameters' => [],
            'capabilities' => [],
        ];
    }

    // Discard all state, and create your client from the keys that are present; send nothing yet.
    public function configure(array $config): void
    {
        $this->config = $config;
    }

    // Fill in: return $this->token(['access_token' => ..., 'token_type' => ..., 'expires_in' => ...]) with what your client
    // returns to its application.
    public function get_token(): array
    {
        throw new Exception("fill in get_token: ask {$this->config['token_url']} for a token with your client");
    }

    // Fill in: the kind of each exception class that your client documents (config, oauth, protocol, transport, timeout). In
    // details() return what the exception contains of the response: ['oauth_error' => ..., 'http_status' => ...].
    public function kind(Throwable $exception): string
    {
        return 'unexpected';
    }

    // Fill in or delete; each has its own capability: refresh, request, describe.
}

AdapterLoop::serve(new MyAdapter());
