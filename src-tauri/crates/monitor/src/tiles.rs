//! The pictures that maps are drawn on, where the operator named a server for them.

use std::sync::Arc;

use link::fetch::{NoTile, Tile, TileId, Tiles};

use crate::monitor::Monitor;
use crate::view::TilesState;

impl Monitor {
    /// A picture of the tile server that is set.
    pub async fn tile(&self, id: TileId) -> Result<Arc<Tile>, NoTile> {
        self.tile_server().tile(id).await
    }

    /// Whether tiles are used, and what is wrong with them.
    pub fn tiles(&self) -> TilesState {
        let tiles = self.tile_server();
        let attribution = self.inner.alarm.settings().map.tiles_attribution;
        TilesState { server: tiles.server(), attribution, problem: tiles.problem() }
    }

    /// Asks a tile server again that was left alone.
    pub fn retry_tiles(&self) {
        self.tile_server().try_again();
    }

    /// As the settings are by now.
    fn tile_server(&self) -> &Tiles {
        self.inner.tiles.set_address(self.inner.alarm.settings().map.tiles.as_deref());
        &self.inner.tiles
    }
}
