#!/usr/bin/env perl
# An adapter to complete: at each "fill in", call your client as its documentation shows, and do nothing else.
# It runs unchanged; `oauth-gauntlet adapter check "cmd:perl adapter.pl"` reports what is missing.
use strict;
use warnings;

package MyAdapter;

sub new { return bless {}, shift }

# Scenarios judge only what is declared here; docs/adapter-protocol.md lists the names.
sub hello {
    return {
        client => {name => 'fill in', version => '', language => 'perl', runtime => sprintf('perl %vd', $^V), url => ''},
        grants => ['client_credentials'],
        token_endpoint_auth_methods => [],
        parameters => [],
        capabilities => [],
    };
}

# Discard all state, and create your client from the keys that are present; send nothing yet.
sub configure {
    my ($self, $config) = @_;
    $self->{config} = $config;
    return;
}

# Fill in: return AdapterLoop::token(access_token => ..., token_type => ..., expires_in => ..., refresh_token => ...) with
# what your client returns to its application.
sub get_token {
    my ($self) = @_;
    die "fill in get_token: ask $self->{config}{token_url} for a token with your client\n";
}

# Fill in: the kind of an error that your client documents (config, oauth, protocol, transport, timeout); all others are
# unexpected. sub details($error) returns oauth_error => ..., http_status => ... if the error contains them.
sub kind { return 'unexpected' }

# Fill in or delete; each has its own capability: refresh, request, describe.

package main;

use FindBin;
use lib $FindBin::Bin;
use AdapterLoop;

AdapterLoop::serve(MyAdapter->new);
