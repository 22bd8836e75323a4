"""Events of a stream on a Spark cluster: the kernel of `rulec.events`, whose states Spark keeps."""
