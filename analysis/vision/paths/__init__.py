"""Which paths through a network its answer needs: blocks, connections, columns and heads."""
