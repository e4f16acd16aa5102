<?php

declare(strict_types=1);

// Adapter for facile-it/php-openid-client: AuthorizationService::grant() and refresh(), over Symfony's HTTP client.
require __DIR__ . '/vendor/autoload.php';
require __DIR__ . '/../../../harness/oauth_gauntlet/starters/php/AdapterLoop.php';

use Composer\InstalledVersions;
use Facile\JoseVerifier\JWK\MemoryJwksProvider;
use Facile\OpenIDClient\Client\ClientBuilder;
use Facile\OpenIDClient\Client\ClientInterface;
use Facile\OpenIDClient\Client\Metadata\ClientMetadata;
use Facile\OpenIDClient\Exception\InvalidArgumentException;
use Facile\OpenIDClient\Exception\OAuth2Exception;
use Facile\OpenIDClient\Exception\RemoteException;
use Facile\OpenIDClient\Exception\RuntimeException;
use Facile\OpenIDClient\Issuer\Issuer;
use Facile\OpenIDClient\Issuer\Metadata\IssuerMetadata;
use Facile\OpenIDClient\Service\AuthorizationService;
use Facile\OpenIDClient\Service\Builder\AuthorizationServiceBuilder;
use Facile\OpenIDClient\Token\TokenSetInterface;
use Psr\Http\Client\ClientExceptionInterface;
use Symfony\Component\HttpClient\HttpClient;
use Symfony\Component\HttpClient\Psr18Client;
use Symfony\Contracts\HttpClient\Exception\TimeoutExceptionInterface;

final class PhpOpenIDClientAdapter extends Adapter
{
    private array $config;
    private ?string $held;
    private ClientInterface $client;
    private AuthorizationService $service;

    public function hello(): array
    {
        return [
            'client' => [
                'name' => 'facile-it/php-openid-client',
                'version' => InstalledVersions::getPrettyVersion('facile-it/php-openid-client') . ' of Debian 12',
                'language' => 'php',
                'runtime' => 'php ' . PHP_VERSION . ', symfony/http-client ' . InstalledVersions::getPrettyVersion('symfony/http-client'),
                'url' => 'https://github.com/facile-it/php-openid-client',
            ],
            'grants' => ['refresh_token', 'client_credentials'],
            'token_endpoint_auth_methods' => ['client_secret_basic', 'client_secret_post', 'none'],
            'parameters' => ['scope', 'additional_payload', 'ca_file', 'timeout'],
            'capabilities' => ['refresh', 'tls', 'proxy'],
        ];
    }

    public function configure(array $config): void
    {
        $this->config = $config;
        $this->held = $config['refresh_token'] ?? null;
        // The library requires an issuer's metadata document; an application without one writes it.
        $issuer = IssuerMetadata::fromArray(array_filter([
            'issuer' => 'https://server.invalid',
            'authorization_endpoint' => 'https://server.invalid/authorize',
            'jwks_uri' => 'https://server.invalid/keys',
            'token_endpoint' => $config['token_url'] ?? null,
        ], fn ($value) => $value !== null));
        $given = array_intersect_key($config, array_flip(['client_id', 'client_secret', 'token_endpoint_auth_method']));
        $http = HttpClient::create(array_filter([
            'cafile' => $config['ca_file'] ?? null,
            'timeout' => $config['timeout'] ?? null,
            'max_duration' => $config['timeout'] ?? null,
        ]));
        $this->client = (new ClientBuilder())
            ->setIssuer(new Issuer($issuer, new MemoryJwksProvider()))
            ->setClientMetadata(ClientMetadata::fromArray($given))
            ->setHttpClient(new Psr18Client($http))
            ->build();
        $this->service = (new AuthorizationServiceBuilder())->build();
    }

    public function get_token(): array
    {
        return match ($this->config['grant_type'] ?? 'refresh_token') {
            'client_credentials' => $this->exposed(
                $this->service->grant($this->client, ['grant_type' => 'client_credentials'] + $this->parameters(true)),
            ),
            default => $this->refresh(),
        };
    }

    public function refresh(): array
    {
        // The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
        $own = ($this->config['grant_type'] ?? 'refresh_token') === 'refresh_token';

        return $this->exposed($this->service->refresh($this->client, $this->held, $this->parameters($own)));
    }

    public function kind(Throwable $exception): string
    {
        return match (true) {
            $exception instanceof OAuth2Exception => 'oauth',
            $exception instanceof RemoteException => 'transport',
            $exception instanceof InvalidArgumentException => str_contains($exception->getMessage(), 'Invalid metadata content') ? 'protocol' : 'config',
            $exception instanceof RuntimeException => $this->kindOfCause($exception),
            // refresh() accepts only a string: its signature rejects other types.
            $exception instanceof TypeError && str_contains($exception->getMessage(), '($refreshToken) must be of type') => 'config',
            default => 'unexpected',
        };
    }

    public function details(Throwable $exception): array
    {
        return match (true) {
            $exception instanceof OAuth2Exception => [
                'oauth_error' => $exception->getError(),
                'oauth_error_description' => $exception->getDescription(),
                'oauth_error_uri' => $exception->getErrorUri(),
            ],
            $exception instanceof RemoteException => ['http_status' => $exception->getResponse()->getStatusCode()],
            default => [],
        };
    }

    private function kindOfCause(RuntimeException $exception): string
    {
        $cause = $exception->getPrevious();
        if ($cause instanceof ClientExceptionInterface) {
            return $cause->getPrevious() instanceof TimeoutExceptionInterface ? 'timeout' : 'transport';
        }

        return $exception->getMessage() === 'Unable to retrieve the token endpoint' ? 'config' : 'unexpected';
    }

    private function parameters(bool $scope): array
    {
        $own = $scope && isset($this->config['scope']) ? ['scope' => $this->config['scope']] : [];

        return $own + ($this->config['additional_payload'] ?? []);
    }

    private function exposed(TokenSetInterface $given): array
    {
        $members = array_merge($given->getAttributes(), [
            'access_token' => $given->getAccessToken(),
            'token_type' => $given->getTokenType(),
            'refresh_token' => $given->getRefreshToken(),
            'expires_in' => $given->getExpiresIn(),
        ]);
        // The library stores nothing. The application stores the refresh token, and an empty one replaces none.
        $this->held = $given->getRefreshToken() ?: $this->held;

        return $this->token($members);
    }
}

AdapterLoop::serve(new PhpOpenIDClientAdapter());
