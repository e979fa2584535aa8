"""Where bulk work runs: on this machine, or on a Spark cluster that exists. Decides nothing."""
