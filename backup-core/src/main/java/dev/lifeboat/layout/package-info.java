/** How components become objects and come back. Not exported. Sees catalog, codec, sink and source. */
package dev.lifeboat.layout;
