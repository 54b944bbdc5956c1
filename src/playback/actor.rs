//! The actor that alone opens and closes playbacks.

use super::{message::PlaybackMessage, table::PlaybackTable};
use crate::{
    clock::Clock,
    supervision::{Reconciler, Run, respond},
};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use std::{sync::Arc, time::Duration};

const SWEEP_INTERVAL: Duration = Duration::from_secs(600);

pub struct Playbacks {
    table: Arc<PlaybackTable>,
    clock: Arc<dyn Clock>,
}

impl Playbacks {
    pub fn new(table: Arc<PlaybackTable>, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }
}

impl Actor for Playbacks {
    type Msg = PlaybackMessage;
    type State = Reconciler<PlaybackMessage>;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Self::Msg>, (): ()) -> Result<Self::State, ActorProcessingErr> {
        myself.send_message(PlaybackMessage::Sweep)?;
        Ok(Reconciler::new(SWEEP_INTERVAL, || PlaybackMessage::Sweep, PlaybackMessage::Swept))
    }

    async fn handle(
        &self,
        myself: ActorRef<Self::Msg>,
        message: Self::Msg,
        sweeper: &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            PlaybackMessage::Open { entry, reply } => {
                self.table.insert(*entry);
                respond(reply, ());
            }
            PlaybackMessage::Close { id, reply } => {
                self.table.close(id);
                respond(reply, ());
            }
            PlaybackMessage::Sweep => {
                let (table, now) = (self.table.clone(), self.clock.now_ms());
                sweeper.activated(&myself, || async move {
                    table.sweep(now);
                    Run::Drained
                });
            }
            PlaybackMessage::Swept(run) => sweeper.finished(&myself, run),
        }
        Ok(())
    }
}
