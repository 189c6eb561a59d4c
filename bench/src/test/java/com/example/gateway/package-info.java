/** A program that embeds the engine, and brings a protocol of its own. */
package com.example.gateway;
