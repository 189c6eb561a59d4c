package dev.sluice.core.config;

/** What a frontend does with an exchange, unless its router decides. */
public sealed interface FrontendAction permits ToBackend, FixedResponse {}
