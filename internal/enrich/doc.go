// Package enrich knows what is known of a stream beyond its text: whose
// container wrote it, as the names of its file and the files beside it tell.
//
// It asks no daemon and no API server, opens no socket, starts nothing and
// changes nothing: paths go in, tags and contexts come out. A file that is
// missing, unreadable, damaged or too large is no error; its part is unknown then.
//
// What is read, and from where:
//
//	/var/log/pods/NAMESPACE_POD_UID/CONTAINER/N.log       kubelet; N counts the restarts. Also N.log.20260314-092600
//	                                                      and .gz, the rotated generations
//	/var/log/containers/POD_NAMESPACE_CONTAINER-ID.log    links to the former
//	/var/lib/docker/containers/ID/ID-json.log             Docker, and config.v2.json beside it
//	.../overlay-containers/ID/userdata/ctr.log            podman, with ../../[volatile-]containers.json and config.json beside it
//	_SYSTEMD_UNIT of a record of the journal              see Unit
//
// The directories above these names may be any: hosts mount them elsewhere.
//
// What becomes of it in an event. Tags are what people search for; contexts hold
// the rest, under the names of OpenTelemetry's semantic conventions, as Sentry's
// own cloud_resource context does:
//
//	tag          context.name                         known from
//	namespace    k8s: k8s.namespace.name              path, or labels io.kubernetes.*
//	pod          k8s: k8s.pod.name                    path, or labels
//	container    k8s: k8s.container.name              path, or labels
//	             k8s: k8s.pod.uid                     path, or labels
//	             k8s: k8s.container.restart_count     path
//	container    container: container.name            Docker and podman, where no pod is known
//	             container: container.id              path
//	             container: container.runtime         docker or podman
//	             container: container.image.name      without tag and digest
//	             container: container.image.tag
//	             container: container.image.id        where only the id is known
//	             container: container.label.KEY       compose's, swarm's and the image's own labels
//	service      container: container.label...        the service of compose or swarm
//	unit         systemd: systemd.unit                journald
//	service                                           journald, a unit NAME.service
//	release                                           NAME@TAG of the image, if the tag is a version; else its
//	                                                  label org.opencontainers.image.version
//
// All of it yields: what the configuration or the log itself says stays. The
// label comes after the tag since images inherit the labels of the image that
// they were built from: ubuntu's version is not that of the program in it.
package enrich
