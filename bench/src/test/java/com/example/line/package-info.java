/** A line protocol, as the author of a mux outside of the engine would add it. */
package com.example.line;
