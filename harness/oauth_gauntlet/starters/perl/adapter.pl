#!/usr/bin/env perl
# An adapter to fill in: at each "fill in", call your client as its documentation shows, and nothing more.
# It runs as it is; `oauth-gauntlet adapter check "cmd:perl adapter.pl"` says what is missing.
use strict;
use warnings;

package MyAdapter;

sub new { return bless {}, shift }

# What is not declared here is not judged; docs/adapter-protocol.md lists the names.
sub hello {
    return {
        client => {name => 'fill in', version => '', language => 'perl', runtime => sprintf('perl %vd', $^V), url => ''},
        grants => ['client_credentials'],
        token_endpoint_auth_methods => [],
        parameters => [],
        capabilities => [],
    };
}

# Forget everything and build your client from the keys that are there; send nothing yet.
sub configure {
    my ($self, $config) = @_;
    $self->{config} = $config;
    return;
}

# Fill in: return AdapterLoop::token(access_token => ..., token_type => ..., expires_in => ..., refresh_token => ...) of what
# your client hands its application.
sub get_token {
    my ($self) = @_;
    die "fill in get_token: ask $self->{config}{token_url} for a token by means of your client\n";
}

# Fill in: the kind of an error that your client documents (config, oauth, protocol, transport, timeout); all else is
# unexpected. sub details($error) gives oauth_error => ..., http_status => ... where the error says it.
sub kind { return 'unexpected' }

# Fill in, each with a capability of its own, or leave out: refresh, request, describe.

package main;

use FindBin;
use lib $FindBin::Bin;
use AdapterLoop;

AdapterLoop::serve(MyAdapter->new);
