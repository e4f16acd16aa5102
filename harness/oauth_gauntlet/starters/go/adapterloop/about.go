package adapterloop

import (
	"runtime"
	"runtime/debug"
)

// AboutModule returns the About of the Go client in the module of this path, with the version of this build.
func AboutModule(name, path, url string) About {
	about := About{Name: name, Language: "go", Runtime: runtime.Version(), URL: url}
	if build, known := debug.ReadBuildInfo(); known {
		for _, module := range build.Deps {
			if module.Path == path {
				about.Version = module.Version
			}
		}
	}
	return about
}
