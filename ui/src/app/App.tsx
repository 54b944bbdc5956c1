import { QueryClientProvider } from '@tanstack/react-query';
import { ToastRegion } from '../components/ToastRegion';
import { Gate } from './Gate';
import { useNoOverlayAtStart } from './history';
import { OfflineBar } from './OfflineBar';
import { queryClient } from './queryClient';

export function App() {
  useNoOverlayAtStart();
  return (
    <QueryClientProvider client={queryClient}>
      <Gate />
      <ToastRegion />
      <OfflineBar />
    </QueryClientProvider>
  );
}
