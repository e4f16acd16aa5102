<?php

declare(strict_types=1);

// An adapter to fill in: at each "fill in", call your client as its documentation shows, and nothing more.
// It runs as it is; `oauth-gauntlet adapter check "cmd:php adapter.php"` says what is missing.
require __DIR__ . '/AdapterLoop.php';

final class MyAdapter extends Adapter
{
    private array $config;

    // What is not declared here is not judged; docs/adapter-protocol.md lists the names.
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

    // Forget everything and build your client from the keys that are there; send nothing yet.
    public function configure(array $config): void
    {
        $this->config = $config;
    }

    // Fill in: return $this->token(['access_token' => ..., 'token_type' => ..., 'expires_in' => ...]) of what your client hands
    // its application.
    public function get_token(): array
    {
        throw new Exception("fill in get_token: ask {$this->config['token_url']} for a token by means of your client");
    }

    // Fill in: the kind of each class of exception that your client documents (config, oauth, protocol, transport, timeout), and
    // in details() what it says of the server's answer: ['oauth_error' => ..., 'http_status' => ...].
    public function kind(Throwable $exception): string
    {
        return 'unexpected';
    }

    // Fill in, each with a capability of its own, or leave out: refresh, request, describe.
}

AdapterLoop::serve(new MyAdapter());
