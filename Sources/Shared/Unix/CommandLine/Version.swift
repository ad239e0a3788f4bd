/// The version of the whole toolkit: the one place where it stands.
package let toolkitVersion = "0.2.0"
